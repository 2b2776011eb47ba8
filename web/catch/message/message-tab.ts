export const messageTabs = ['html', 'source', 'text', 'headers', 'raw', 'attachments'] as const

export type MessageTab = (typeof messageTabs)[number]
