import { queryOptions } from '@tanstack/react-query'
import type {
  FormListReply,
  FormPreviewReply,
  FormReply,
  FormSettings,
  FormWire,
} from '../../server/send/api/forms-wire.ts'
import { call } from './http.ts'
import { queryClient } from './query-client.ts'

const PATH = '/api/posthorn/forms'

/** With whether confirmations can be mailed from here. */
export const formsQuery = queryOptions({
  queryKey: ['forms'],
  queryFn: ({ signal }) => call<FormListReply>(PATH, { signal }),
  // Their counts move with every visitor.
  staleTime: 5_000,
})

export const formQuery = (id: number) =>
  queryOptions({
    queryKey: ['form', id],
    queryFn: async ({ signal }) => (await call<FormReply>(`${PATH}/${id}`, { signal })).form,
    staleTime: 0,
  })

/** The page as these settings make it. */
export const formPreviewQuery = (settings: FormSettings, thanks: boolean) =>
  queryOptions({
    queryKey: ['form preview', settings, thanks],
    queryFn: async ({ signal }) =>
      (
        await call<FormPreviewReply>(`${PATH}/preview`, {
          method: 'POST',
          body: { settings, thanks },
          signal,
        })
      ).html,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  })

export async function createForm(name: string, settings: FormSettings): Promise<FormWire> {
  const { form } = await call<FormReply>(PATH, { method: 'POST', body: { name, settings } })
  return kept(form)
}

export async function changeForm(
  id: number,
  changes: { name: string; settings: FormSettings },
): Promise<FormWire> {
  const { form } = await call<FormReply>(`${PATH}/${id}`, { method: 'PATCH', body: changes })
  return kept(form)
}

export async function deleteForm(id: number): Promise<void> {
  await call(`${PATH}/${id}`, { method: 'DELETE' })
  queryClient.removeQueries({ queryKey: ['form', id] })
  await queryClient.invalidateQueries(formsQuery)
}

function kept(form: FormWire): FormWire {
  queryClient.setQueryData(formQuery(form.id).queryKey, form)
  void queryClient.invalidateQueries(formsQuery)
  return form
}
