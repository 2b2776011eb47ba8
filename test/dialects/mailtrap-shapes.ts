import type { Fields } from './dialect.ts'

// The objects of the contract, sections 4 to 8: every field in its order.

export const USER: Fields = [
  ['id', 'integer'],
  ['name', 'string'],
  ['email', 'string'],
  ['api_token', 'string?'],
  ['gravatar_img', 'string'],
  ['gravatar_icon', 'string'],
  ['gravatar_little_icon', 'string'],
  ['created_at', 'time'],
  ['created_at_int', 'integer'],
  ['timezone', 'string'],
  ['timezone_in_int', 'integer'],
  ['pending_email', 'string?'],
]

export const COMPANY: Fields = [
  ['id', 'integer'],
  ['name', 'string'],
  ['is_owner', 'boolean'],
  ['share_link', 'string?'],
  ['ext_id', 'string?'],
  ['inboxes', 'array'],
]

export const SHARED_USER: Fields = [
  ['id', 'integer'],
  ['user_id', 'integer'],
  ['role', 'string'],
  ['is_owner', 'boolean'],
  ['name', 'string'],
  ['email', 'string'],
]

export const INBOX: Fields = [
  ['id', 'integer'],
  ['company_id', 'integer'],
  ['name', 'string'],
  ['username', 'string'],
  ['password', 'string?'],
  ['max_size', 'integer'],
  ['status', 'string'],
  ['email_username', 'string'],
  ['email_username_enabled', 'boolean'],
  ['sent_messages_count', 'integer'],
  ['forwarded_messages_count', 'integer'],
  ['used', 'boolean'],
  ['forward_from_email_address', 'string'],
  ['domain', 'string'],
  ['pop3_domain', 'string'],
  ['email_domain', 'string'],
  ['emails_count', 'integer'],
  ['emails_unread_count', 'integer'],
  ['last_message_sent_at', 'time?'],
  ['smtp_ports', 'array'],
  ['pop3_ports', 'array'],
  ['max_message_size', 'integer'],
  ['has_inbox_address', 'boolean'],
  ['last_message_sent_at_timestamp', 'integer?'],
]

export const SHARED_INBOX: Fields = [
  ['id', 'integer'],
  ['company_id', 'integer'],
  ['name', 'string'],
  ['domain', 'string'],
  ['username', 'string'],
  ['password', 'string?'],
  ['status', 'string'],
  ['max_size', 'integer'],
  ['emails_count', 'integer'],
  ['emails_unread_count', 'integer'],
  ['last_message_sent_at', 'time?'],
  ['sent_messages_count', 'integer'],
  ['forwarded_messages_count', 'integer'],
  ['company_name', 'string'],
  ['last_message_sent_at_timestamp', 'integer?'],
]

export const FORWARD_RULE: Fields = [
  ['id', 'integer'],
  ['inbox_id', 'integer'],
  ['forward_type', 'string'],
  ['forward_value', 'string'],
  ['status', 'string'],
]

export const CORS_DOMAIN: Fields = [
  ['id', 'integer'],
  ['user_id', 'integer'],
  ['domain', 'string'],
]

export const MESSAGE: Fields = [
  ['id', 'integer'],
  ['inbox_id', 'integer'],
  ['subject', 'string'],
  ['sent_at', 'time'],
  ['from_email', 'string'],
  ['from_name', 'string'],
  ['to_email', 'string'],
  ['to_name', 'string'],
  ['html_body', 'string?'],
  ['text_body', 'string?'],
  ['email_size', 'integer'],
  ['is_read', 'boolean'],
  ['created_at', 'time'],
  ['updated_at', 'time'],
  ['html_body_size', 'integer'],
  ['text_body_size', 'integer'],
  ['sent_at_timestamp', 'integer'],
  ['human_size', 'string'],
  ['html_path', 'string'],
  ['txt_path', 'string'],
  ['raw_path', 'string'],
  ['download_path', 'string'],
  ['html_source_path', 'string'],
  ['viruses_report_info', 'boolean'],
  ['blacklists_report_info', 'boolean'],
  ['smtp_information', 'object'],
]

export const ATTACHMENT: Fields = [
  ['id', 'integer'],
  ['message_id', 'integer'],
  ['filename', 'string'],
  ['attachment_type', 'string'],
  ['content_type', 'string'],
  ['content_id', 'string'],
  ['transfer_encoding', 'string'],
  ['attachment_size', 'integer'],
  ['created_at', 'time'],
  ['updated_at', 'time'],
  ['attachment_human_size', 'string'],
  ['download_path', 'string'],
]
