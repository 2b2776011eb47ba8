import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { frame } from '../frame/frame-route.tsx'
import { outcomeRoutes } from './outcome-routes.ts'
import { listSearch } from './subscribers/list-search.ts'

// The screens of the sending half. None is in the first load. One that the sidebar leads to stands in frame/places.ts too.

const subscribers = createRoute({
  getParentRoute: () => frame,
  path: 'subscribers',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./subscribers/subscribers.tsx'), 'Subscribers'),
})

const subscriber = createRoute({
  getParentRoute: () => frame,
  path: 'subscribers/$subscriberId',
  params: {
    parse: ({ subscriberId }) => ({ subscriberId: Number(subscriberId) }),
    stringify: ({ subscriberId }) => ({ subscriberId: String(subscriberId) }),
  },
  component: lazyRouteComponent(() => import('./subscriber/subscriber-page.tsx'), 'SubscriberPage'),
})

const tags = createRoute({
  getParentRoute: () => frame,
  path: 'tags',
  component: lazyRouteComponent(() => import('./tags/tags.tsx'), 'Tags'),
})

const fields = createRoute({
  getParentRoute: () => frame,
  path: 'fields',
  component: lazyRouteComponent(() => import('./fields/fields.tsx'), 'Fields'),
})

const segments = createRoute({
  getParentRoute: () => frame,
  path: 'segments',
  component: lazyRouteComponent(() => import('./segments/segments.tsx'), 'Segments'),
})

const loadSegmentPage = () => import('./segments/segment-page.tsx')
const newSegment = createRoute({
  getParentRoute: () => frame,
  path: 'segments/new',
  component: lazyRouteComponent(loadSegmentPage, 'NewSegment'),
})

const segment = createRoute({
  getParentRoute: () => frame,
  path: 'segments/$segmentId',
  params: {
    parse: ({ segmentId }) => ({ segmentId: Number(segmentId) }),
    stringify: ({ segmentId }) => ({ segmentId: String(segmentId) }),
  },
  component: lazyRouteComponent(loadSegmentPage, 'SegmentPage'),
})

const suppressions = createRoute({
  getParentRoute: () => frame,
  path: 'suppressions',
  validateSearch: ({
    search,
    kind,
  }: Record<string, unknown>): { search?: string; kind?: 'address' | 'domain' } => ({
    ...(typeof search === 'string' && search && { search }),
    ...((kind === 'address' || kind === 'domain') && { kind }),
  }),
  component: lazyRouteComponent(() => import('./suppressions/suppressions.tsx'), 'Suppressions'),
})

const imports = createRoute({
  getParentRoute: () => frame,
  path: 'imports',
  component: lazyRouteComponent(() => import('./imports/imports.tsx'), 'Imports'),
})

const newImport = createRoute({
  getParentRoute: () => frame,
  path: 'imports/new',
  component: lazyRouteComponent(() => import('./imports/new-import.tsx'), 'NewImport'),
})

const oneImport = createRoute({
  getParentRoute: () => frame,
  path: 'imports/$importId',
  params: {
    parse: ({ importId }) => ({ importId: Number(importId) }),
    stringify: ({ importId }) => ({ importId: String(importId) }),
  },
  component: lazyRouteComponent(() => import('./imports/import-page.tsx'), 'ImportPage'),
})

const forms = createRoute({
  getParentRoute: () => frame,
  path: 'forms',
  component: lazyRouteComponent(() => import('./forms/forms.tsx'), 'Forms'),
})

const loadFormPage = () => import('./forms/form-page.tsx')
const newForm = createRoute({
  getParentRoute: () => frame,
  path: 'forms/new',
  component: lazyRouteComponent(loadFormPage, 'NewForm'),
})

const form = createRoute({
  getParentRoute: () => frame,
  path: 'forms/$formId',
  params: {
    parse: ({ formId }) => ({ formId: Number(formId) }),
    stringify: ({ formId }) => ({ formId: String(formId) }),
  },
  component: lazyRouteComponent(loadFormPage, 'FormPage'),
})

const theTemplateId = {
  parse: ({ templateId }: { templateId: string }) => ({ templateId: Number(templateId) }),
  stringify: ({ templateId }: { templateId: number }) => ({ templateId: String(templateId) }),
}

const templates = createRoute({
  getParentRoute: () => frame,
  path: 'templates',
  component: lazyRouteComponent(() => import('./templates/gallery.tsx'), 'Gallery'),
})

const templateEditor = createRoute({
  getParentRoute: () => frame,
  path: 'templates/$templateId/edit',
  params: theTemplateId,
  component: lazyRouteComponent(() => import('./templates/editor/template-editor.tsx'), 'TemplateEditor'),
})

const templateVersions = createRoute({
  getParentRoute: () => frame,
  path: 'templates/$templateId/versions',
  params: theTemplateId,
  validateSearch: ({ version, show }: Record<string, unknown>): { version?: number; show?: 'look' } => ({
    ...(Number(version) > 0 && { version: Number(version) }),
    ...(show === 'look' && { show }),
  }),
  component: lazyRouteComponent(() => import('./templates/versions.tsx'), 'Versions'),
})

const media = createRoute({
  getParentRoute: () => frame,
  path: 'media',
  component: lazyRouteComponent(() => import('./media/media-library.tsx'), 'MediaLibrary'),
})

const theCampaignId = {
  parse: ({ campaignId }: { campaignId: string }) => ({ campaignId: Number(campaignId) }),
  stringify: ({ campaignId }: { campaignId: number }) => ({ campaignId: String(campaignId) }),
}

const campaigns = createRoute({
  getParentRoute: () => frame,
  path: 'campaigns',
  validateSearch: ({ sent, search }: Record<string, unknown>): { sent?: true; search?: string } => ({
    ...((sent === '1' || sent === true) && { sent: true as const }),
    ...(typeof search === 'string' && search && { search }),
  }),
  component: lazyRouteComponent(() => import('./campaigns/campaigns.tsx'), 'Campaigns'),
})

const loadCampaignEditor = () => import('./campaigns/editor/campaign-editor.tsx')
const newCampaign = createRoute({
  getParentRoute: () => frame,
  path: 'campaigns/new',
  // The draft that was begun here, for whoever comes back to it.
  validateSearch: ({ draft }: Record<string, unknown>): { draft?: number } =>
    Number(draft) > 0 ? { draft: Number(draft) } : {},
  component: lazyRouteComponent(loadCampaignEditor, 'NewCampaign'),
})

const campaignEditor = createRoute({
  getParentRoute: () => frame,
  path: 'campaigns/$campaignId/edit',
  params: theCampaignId,
  component: lazyRouteComponent(loadCampaignEditor, 'EditCampaign'),
})

const campaign = createRoute({
  getParentRoute: () => frame,
  path: 'campaigns/$campaignId',
  params: theCampaignId,
  // One that is done shows its report, unless it is asked how the sending went.
  validateSearch: ({ show }: Record<string, unknown>): { show?: 'status' } =>
    show === 'status' ? { show } : {},
  component: lazyRouteComponent(() => import('./campaigns/campaign-page.tsx'), 'CampaignPage'),
})

export const sendRoutes = [
  campaigns,
  newCampaign,
  campaignEditor,
  campaign,
  subscribers,
  subscriber,
  tags,
  fields,
  segments,
  newSegment,
  segment,
  suppressions,
  imports,
  newImport,
  oneImport,
  forms,
  newForm,
  form,
  templates,
  templateEditor,
  templateVersions,
  media,
  ...outcomeRoutes,
] as const
