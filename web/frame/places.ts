import {
  Ban,
  FileUp,
  Filter,
  Gauge,
  Globe,
  Image,
  LayoutTemplate,
  ListPlus,
  Mails,
  Send,
  Server,
  SlidersHorizontal,
  Tag,
  TextCursorInput,
  Users,
} from 'lucide-react'

/** What the sidebar offers beside the inboxes. A screen is listed here once its route is in send/routes.ts. */
export const SECTIONS = [
  {
    title: 'Sending',
    places: [
      { label: 'Dashboard', to: '/dashboard', icon: Gauge },
      { label: 'Campaigns', to: '/campaigns', icon: Send },
      { label: 'Messages', to: '/messages', icon: Mails },
    ],
  },
  {
    title: 'Audience',
    places: [
      { label: 'Subscribers', to: '/subscribers', icon: Users },
      { label: 'Tags', to: '/tags', icon: Tag },
      { label: 'Fields', to: '/fields', icon: ListPlus },
      { label: 'Segments', to: '/segments', icon: Filter },
      { label: 'Imports', to: '/imports', icon: FileUp },
      { label: 'Suppressions', to: '/suppressions', icon: Ban },
      { label: 'Forms', to: '/forms', icon: TextCursorInput },
    ],
  },
  {
    title: 'Content',
    places: [
      { label: 'Templates', to: '/templates', icon: LayoutTemplate },
      { label: 'Media', to: '/media', icon: Image },
    ],
  },
  {
    title: 'Ways out',
    places: [
      { label: 'Email services', to: '/email-services', icon: Server },
      { label: 'Sending domains', to: '/sending-domains', icon: Globe },
      { label: 'Sending settings', to: '/sending-settings', icon: SlidersHorizontal },
    ],
  },
] as const
