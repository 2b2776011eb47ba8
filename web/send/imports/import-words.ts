import type {
  ImportEncoding,
  ImportFormat,
  ImportPolicy,
  ImportWire,
} from '../../../server/send/api/imports-wire.ts'

/** Where the people come from, and where their file is found there. */
export const SOURCES: { format: ImportFormat; name: string; find: string }[] = [
  {
    format: 'csv',
    name: 'A CSV file',
    find: 'From a spreadsheet, a shop, another system: one person a row. Any size, any delimiter; UTF-8, UTF-16 and Windows encodings are told apart by themselves.',
  },
  {
    format: 'listmonk',
    name: 'listmonk',
    find: 'Subscribers → choose all, or a list → Export. Its attributes can become fields.',
  },
  {
    format: 'sendportal',
    name: 'SendPortal',
    find: 'Subscribers → the menu beside “New Subscriber” → Export Subscribers.',
  },
  {
    format: 'mailchimp',
    name: 'Mailchimp',
    find: 'Audience → All contacts → Export audience. Unpack the archive and bring its files one after the other: subscribed, unsubscribed, cleaned.',
  },
  {
    format: 'mailcoach',
    name: 'Mailcoach',
    find: 'Lists → the list → Subscribers → Actions → Export subscribers.',
  },
]

export const FORMAT_NAMES: Record<ImportFormat, string> = {
  csv: 'A CSV file',
  listmonk: 'An export of listmonk',
  sendportal: 'An export of SendPortal',
  mailchimp: 'An export of Mailchimp',
  mailcoach: 'An export of Mailcoach',
}

export const DELIMITERS: Record<string, string> = {
  ',': 'Comma',
  ';': 'Semicolon',
  '\t': 'Tab',
  '|': 'Bar',
}

export const ENCODINGS: Record<ImportEncoding, string> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 (little-endian)',
  'utf-16be': 'UTF-16 (big-endian)',
  'windows-1252': 'Windows-1252 (Western)',
}

export const POLICIES: Record<ImportPolicy, { name: string; about: string }> = {
  create_and_update: {
    name: 'Add new people and update known ones',
    about: 'Whoever is here already gets what the file says. Empty cells change nothing.',
  },
  create_only: {
    name: 'Only add new people',
    about: 'Whoever is here already stays as they are, and gets no tag from this file.',
  },
  update_only: {
    name: 'Only update known people',
    about: 'Rows with an address that is not here are skipped.',
  },
}

export const IMPORT_STATUS: Record<ImportWire['status'], string> = {
  waiting: 'Not started',
  running: 'Running',
  paused: 'Paused',
  done: 'Done',
  cancelled: 'Cancelled',
  failed: 'Failed',
}
