import { queryOptions } from '@tanstack/react-query'
import type {
  RenderedWire,
  RenderErrorWire,
  RenderRequestWire,
  TemplateKindWire,
  TemplateLanguageWire,
  TemplateSummaryWire,
  TemplateVersionSummaryWire,
  TemplateVersionWire,
  TemplateWire,
  TestSendWire,
} from '../../server/send/api/templates-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

export type Template = TemplateWire
export type TemplateSummary = TemplateSummaryWire
export type TemplateVersion = TemplateVersionWire
export type TemplateVersionSummary = TemplateVersionSummaryWire
export type TemplateKind = TemplateKindWire
export type TemplateLanguage = TemplateLanguageWire
export type Rendered = RenderedWire
export type RenderError = RenderErrorWire
export type RenderRequest = RenderRequestWire

/** What makes a template what it is; a version is kept of each change of these. */
export interface TemplateDraft {
  name: string
  kind: TemplateKind
  language: TemplateLanguage
  source: string
}

const PATH = '/api/posthorn/templates'

export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: async ({ signal }) => (await call<{ templates: TemplateSummary[] }>(PATH, { signal })).templates,
  // Others write templates too, and no feed tells of it.
  staleTime: 0,
  refetchOnWindowFocus: true,
})

export const templateQuery = (id: number) =>
  queryOptions({
    queryKey: ['template', id],
    queryFn: async ({ signal }) => (await call<{ template: Template }>(`${PATH}/${id}`, { signal })).template,
    staleTime: 0,
  })

/** The HTML of one version, which never changes. */
export const templateLookQuery = (id: number, version: number) =>
  queryOptions({
    queryKey: ['template look', id, version],
    queryFn: async ({ signal }) =>
      (await call<{ template: Template }>(`${PATH}/${id}`, { signal })).template.content,
    gcTime: 60_000,
  })

export const versionsQuery = (id: number) =>
  queryOptions({
    queryKey: ['template', id, 'versions'],
    queryFn: async ({ signal }) =>
      (await call<{ versions: TemplateVersionSummary[] }>(`${PATH}/${id}/versions`, { signal })).versions,
    staleTime: 0,
  })

export const versionQuery = (id: number, number: number) =>
  queryOptions({
    queryKey: ['template version', id, number],
    queryFn: async ({ signal }) =>
      (await call<{ version: TemplateVersion }>(`${PATH}/${id}/versions/${number}`, { signal })).version,
  })

export async function createTemplate(draft: TemplateDraft): Promise<Template> {
  return changed(await call<{ template: Template }>(PATH, { method: 'POST', body: draft }))
}

export async function changeTemplate(id: number, draft: Partial<TemplateDraft>): Promise<Template> {
  return changed(await call<{ template: Template }>(`${PATH}/${id}`, { method: 'PATCH', body: draft }))
}

export async function duplicateTemplate(id: number): Promise<Template> {
  return changed(await call<{ template: Template }>(`${PATH}/${id}/duplicate`, { method: 'POST', body: {} }))
}

export async function restoreVersion(id: number, number: number): Promise<Template> {
  const path = `${PATH}/${id}/versions/${number}/restore`
  return changed(await call<{ template: Template }>(path, { method: 'POST', body: {} }))
}

export async function deleteTemplate(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  queryClient.removeQueries({ queryKey: ['template', id] })
  await queryClient.invalidateQueries(templatesQuery)
}

export function renderTemplate(request: RenderRequest, signal?: AbortSignal): Promise<Rendered> {
  return call<Rendered>(`${PATH}/render`, { method: 'POST', body: request, signal })
}

/** Answers 409 where the server has no relay to send through. */
export async function sendTest(id: number, test: TestSendWire): Promise<void> {
  await call(`${PATH}/${id}/test`, { method: 'POST', body: test })
}

function changed({ template }: { template: Template }): Template {
  queryClient.setQueryData(templateQuery(template.id).queryKey, template)
  void queryClient.invalidateQueries(templatesQuery)
  void queryClient.invalidateQueries(versionsQuery(template.id))
  return template
}
