export const messageTabs = ['html', 'source', 'text', 'checks', 'headers', 'raw', 'attachments'] as const

export type MessageTab = (typeof messageTabs)[number]
