import type { Schema } from '../../http/route-doc.ts'
import { instant, integer, listOf, objectOf, oneOf, orNull, ref, text } from '../../http/schemas.ts'
import { TEMPLATE_KINDS, TEMPLATE_LANGUAGES } from '../templates/templates.ts'

const kind = oneOf(...TEMPLATE_KINDS)
const language = {
  ...oneOf(...TEMPLATE_LANGUAGES),
  description: 'What merge tags are read by: our own few, or the whole of Liquid',
}
const source = { ...text, description: 'Of `blocks` the JSON text of a document: docs/templates.md' }
const content = { ...text, description: 'The HTML made from it, placeholder and merge tags still in' }
const summary = {
  id: integer,
  name: text,
  kind,
  language,
  version: { ...integer, description: 'The number of the newest; the first is 1' },
  used_by: { ...integer, description: 'Campaigns; while there are any it cannot be deleted' },
  created_at: instant,
  updated_at: instant,
}
const version = {
  number: integer,
  kind,
  language,
  name: text,
  user: orNull(objectOf({ id: integer, name: text })),
  created_at: instant,
}

/** The shapes of templates-wire.ts and media-wire.ts, as the published description has them. */
export const templatesComponents: Record<string, Schema> = {
  TemplateSummary: objectOf(summary),
  Template: objectOf({ ...summary, source, content, warnings: listOf(text) }),
  TemplateVersionSummary: objectOf(version),
  TemplateVersion: objectOf({ ...version, source, content }),
  RenderedTemplate: objectOf({
    html: { ...text, description: 'For a sandboxed frame; empty where nothing could be made of the source' },
    text,
    subject: text,
    size: { ...integer, description: 'Bytes of the HTML' },
    warnings: listOf(text),
    errors: listOf(objectOf({ line: orNull(integer), message: text })),
  }),
  Medium: objectOf({
    id: integer,
    name: text,
    alt: { ...text, description: 'For those who do not see the picture' },
    content_type: oneOf('image/png', 'image/jpeg', 'image/gif', 'image/webp'),
    size: { ...integer, description: 'Bytes as uploaded' },
    width: { ...integer, description: 'Pixels of the widest variant' },
    height: integer,
    url: { ...text, description: 'Of the widest variant: for everybody, good for ever' },
    variants: listOf(ref('MediumVariant')),
    created_at: instant,
  }),
  MediumVariant: objectOf({ width: integer, url: text }),
}
