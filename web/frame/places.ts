import {
  Ban,
  FileUp,
  Filter,
  Image,
  LayoutTemplate,
  ListPlus,
  Tag,
  TextCursorInput,
  Users,
} from 'lucide-react'

/** What the sidebar offers beside the inboxes. A screen is listed here once its route is in send/routes.ts. */
export const SECTIONS = [
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
] as const
