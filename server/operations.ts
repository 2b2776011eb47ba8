import { operations as ofCatching } from './catch/keep.ts'
import { operations as ofFreezing } from './send/campaigns/freezing.ts'
import { operations as ofLedger } from './send/deliveries/ledger.ts'
import { operations as ofTracking } from './send/feedback/keep-tracking.ts'
import { operations as ofImports } from './send/import/store-rows.ts'
import type { Operation } from './storage/writer-messages.ts'

/** All that the writing thread does besides single statements: it loads this module and finds its work here. */
export const operations: Record<string, Operation> = {
  ...ofCatching,
  ...ofImports,
  ...ofFreezing,
  ...ofLedger,
  ...ofTracking,
}
