import { type Kysely, sql } from 'kysely'
import type { Columns, Engine } from './columns.ts'
import type { Database } from './schema.ts'

/**
 * How many subscribers a workspace has by status, and a tag has at all. Counting a million rows takes a tenth of
 * a second and more, so the numbers move with every write, in its transaction; the database does it by itself,
 * and no query can forget it.
 */
export async function countTheAudience(
  db: Kysely<unknown>,
  engine: Engine,
  integer: Columns['integer'],
): Promise<void> {
  await db.schema
    .createTable('audience_counts')
    .addColumn('workspace_id', integer, c => c.notNull().references('workspaces.id').onDelete('cascade'))
    .addColumn('status', 'text', c => c.notNull())
    .addColumn('count', integer, c => c.notNull())
    .addPrimaryKeyConstraint('audience_counts_once', ['workspace_id', 'status'])
    .execute()
  for (const statement of engine === 'sqlite' ? BY_ROW : BY_STATEMENT) await sql.raw(statement).execute(db)
}

/** For rows that were copied together with what had been counted of them. */
export async function recountAudience(db: Database): Promise<void> {
  await db.deleteFrom('audience_counts').execute()
  await sql`insert into audience_counts (workspace_id, status, count)
    select workspace_id, status, count(*) from subscribers group by workspace_id, status`.execute(db)
  await sql`update tags set subscribers_count =
    (select count(*) from subscriber_tags where tag_id = tags.id)`.execute(db)
}

const COUNT_IN = `insert into audience_counts (workspace_id, status, count) values (new.workspace_id, new.status, 1)
  on conflict (workspace_id, status) do update set count = count + 1;`
const COUNT_OUT = `update audience_counts set count = count - 1
  where workspace_id = old.workspace_id and status = old.status;`

const BY_ROW = [
  `create trigger subscribers_counted_in after insert on subscribers begin ${COUNT_IN} end`,
  `create trigger subscribers_counted_out after delete on subscribers begin ${COUNT_OUT} end`,
  `create trigger subscribers_counted_anew after update of status on subscribers
   when old.status <> new.status begin ${COUNT_OUT} ${COUNT_IN} end`,
  `create trigger subscriber_tags_counted_in after insert on subscriber_tags begin
     update tags set subscribers_count = subscribers_count + 1 where id = new.tag_id; end`,
  `create trigger subscriber_tags_counted_out after delete on subscriber_tags begin
     update tags set subscribers_count = subscribers_count - 1 where id = old.tag_id; end`,
]

/** Once for each statement, however many rows it touches: a million updates of one row would be a million dead rows. */
const BY_STATEMENT = [
  `create function posthorn_count_subscribers() returns trigger language plpgsql as $$
   begin
     if tg_op = 'INSERT' then
       insert into audience_counts as counts (workspace_id, status, count)
         select workspace_id, status, count(*) from added group by 1, 2 order by 1, 2
         on conflict (workspace_id, status) do update set count = counts.count + excluded.count;
     elsif tg_op = 'DELETE' then
       update audience_counts as counts set count = counts.count - gone.count
         from (select workspace_id, status, count(*) as count from removed group by 1, 2) as gone
         where counts.workspace_id = gone.workspace_id and counts.status = gone.status;
     else
       insert into audience_counts as counts (workspace_id, status, count)
         select workspace_id, status, sum(n) from (
           select workspace_id, status, 1 as n from added union all
           select workspace_id, status, -1 from removed
         ) as moved group by 1, 2 having sum(n) <> 0 order by 1, 2
         on conflict (workspace_id, status) do update set count = counts.count + excluded.count;
     end if;
     return null;
   end $$`,
  `create function posthorn_count_tags() returns trigger language plpgsql as $$
   begin
     if tg_op = 'INSERT' then
       update tags set subscribers_count = subscribers_count + moved.count
         from (select tag_id, count(*) as count from added group by 1) as moved where tags.id = moved.tag_id;
     else
       update tags set subscribers_count = subscribers_count - moved.count
         from (select tag_id, count(*) as count from removed group by 1) as moved where tags.id = moved.tag_id;
     end if;
     return null;
   end $$`,
  ...triggers('subscribers', 'posthorn_count_subscribers', ['insert', 'delete', 'update']),
  ...triggers('subscriber_tags', 'posthorn_count_tags', ['insert', 'delete']),
]

function triggers(table: string, counts: string, events: ('insert' | 'delete' | 'update')[]): string[] {
  const seen = {
    insert: 'new table as added',
    delete: 'old table as removed',
    update: 'new table as added old table as removed',
  }
  return events.map(
    event => `create trigger ${table}_counted_${event} after ${event} on ${table}
      referencing ${seen[event]} for each statement execute function ${counts}()`,
  )
}
