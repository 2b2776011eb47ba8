import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { frame } from '../frame/frame-route.tsx'
import { messageSearch } from './messages/message-search.ts'

// What became of campaigns, and the ways out that they take.

const dashboard = createRoute({
  getParentRoute: () => frame,
  path: 'dashboard',
  component: lazyRouteComponent(() => import('./dashboard/dashboard.tsx'), 'Dashboard'),
})

const report = createRoute({
  getParentRoute: () => frame,
  path: 'campaigns/$campaignId/report',
  params: {
    parse: ({ campaignId }) => ({ campaignId: Number(campaignId) }),
    stringify: ({ campaignId }) => ({ campaignId: String(campaignId) }),
  },
  component: lazyRouteComponent(() => import('./reports/report-page.tsx'), 'ReportPage'),
})

const overview = createRoute({
  getParentRoute: () => report,
  path: '/',
  component: lazyRouteComponent(() => import('./reports/overview.tsx'), 'Overview'),
})

const people = createRoute({
  getParentRoute: () => report,
  path: '$list',
  validateSearch: ({ search }: Record<string, unknown>): { search?: string } =>
    typeof search === 'string' && search ? { search } : {},
  component: lazyRouteComponent(() => import('./reports/people-page.tsx'), 'PeoplePage'),
})

const messages = createRoute({
  getParentRoute: () => frame,
  path: 'messages',
  validateSearch: messageSearch,
  component: lazyRouteComponent(() => import('./messages/messages.tsx'), 'Messages'),
})

const message = createRoute({
  getParentRoute: () => frame,
  path: 'messages/$messageId',
  params: {
    parse: ({ messageId }) => ({ messageId: Number(messageId) }),
    stringify: ({ messageId }) => ({ messageId: String(messageId) }),
  },
  component: lazyRouteComponent(() => import('./messages/message-page.tsx'), 'MessagePage'),
})

const services = createRoute({
  getParentRoute: () => frame,
  path: 'email-services',
  component: lazyRouteComponent(() => import('./services/services.tsx'), 'Services'),
})

const loadServicePage = () => import('./services/service-page.tsx')
const newService = createRoute({
  getParentRoute: () => frame,
  path: 'email-services/new',
  component: lazyRouteComponent(loadServicePage, 'NewService'),
})

const service = createRoute({
  getParentRoute: () => frame,
  path: 'email-services/$serviceId',
  params: {
    parse: ({ serviceId }) => ({ serviceId: Number(serviceId) }),
    stringify: ({ serviceId }) => ({ serviceId: String(serviceId) }),
  },
  component: lazyRouteComponent(loadServicePage, 'ServicePage'),
})

const sendingDomains = createRoute({
  getParentRoute: () => frame,
  path: 'sending-domains',
  component: lazyRouteComponent(() => import('./domains/domains.tsx'), 'SendingDomains'),
})

const sendingSettings = createRoute({
  getParentRoute: () => frame,
  path: 'sending-settings',
  component: lazyRouteComponent(() => import('./domains/sending-settings.tsx'), 'SendingSettings'),
})

export const outcomeRoutes = [
  dashboard,
  report.addChildren([overview, people]),
  messages,
  message,
  services,
  newService,
  service,
  sendingDomains,
  sendingSettings,
] as const
