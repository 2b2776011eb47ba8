import type { FastifyInstance } from 'fastify'
import type { Routes } from '../../http/api.ts'
import { audienceOwnRoutes } from './audience.ts'
import type { AudienceDoor } from './audience-door.ts'
import { bulkRoutes } from './bulk.ts'
import { campaignAttachmentRoutes } from './campaign-attachments.ts'
import { campaignMailRoutes } from './campaign-mails.ts'
import { campaignSendingRoutes } from './campaign-sending.ts'
import { campaignRoutes } from './campaigns.ts'
import { deliveryRoutes } from './deliveries.ts'
import { emailServiceRoutes } from './email-services.ts'
import { dashboardRoutes } from './dashboard.ts'
import { exportRoutes } from './export.ts'
import { fieldRoutes } from './fields.ts'
import { formsRoutes } from './forms.ts'
import { importRoutes } from './imports.ts'
import { mediaRoutes } from './media.ts'
import { reportRoutes } from './reports.ts'
import { segmentRoutes } from './segments.ts'
import { sendingDomainRoutes } from './sending-domains.ts'
import { sendingSettingsRoutes } from './sending-settings.ts'
import { subscriberListRoutes } from './subscriber-lists.ts'
import { timelineRoutes } from './subscriber-timeline.ts'
import { subscriberRoutes } from './subscribers.ts'
import { suppressionRoutes } from './suppressions.ts'
import { tagRoutes } from './tags.ts'
import { templateRenderRoutes } from './template-render.ts'
import { templateVersionRoutes } from './template-versions.ts'
import { templateRoutes } from './templates.ts'

type Adds = (app: FastifyInstance, door: AudienceDoor) => void

/** Relative to `/api/posthorn`: what the web app needs, and programs that want more than the dialect has. */
const OWN: Adds[] = [
  audienceOwnRoutes,
  subscriberListRoutes,
  exportRoutes,
  subscriberRoutes,
  timelineRoutes,
  bulkRoutes,
  tagRoutes,
  fieldRoutes,
  suppressionRoutes,
  formsRoutes,
  segmentRoutes,
  importRoutes,
  templateRoutes,
  templateVersionRoutes,
  templateRenderRoutes,
  mediaRoutes,
  emailServiceRoutes,
  campaignRoutes,
  campaignSendingRoutes,
  campaignMailRoutes,
  campaignAttachmentRoutes,
  deliveryRoutes,
  sendingDomainRoutes,
  sendingSettingsRoutes,
  reportRoutes,
  dashboardRoutes,
]

export function audienceRoutes(door: AudienceDoor): Routes {
  return app => {
    for (const add of OWN) add(app, door)
  }
}
