// SendPortal's API, section 4.6 of the contract: campaigns as drafts. They are sent in sendportal-sending.test.ts.
import { beforeAll, describe, expect, it } from 'vitest'
import { eachEngine } from '../engines.ts'
import { DATE, expectAbsent, expectErrors, useSendPortal } from './sendportal.ts'

interface Campaign extends Record<string, unknown> {
  id: number
  name: string
}

eachEngine("SendPortal's campaigns", engine => {
  const portal = useSendPortal(engine)
  const { call, data } = portal
  const foreign = () => ({ token: portal.foreignToken })
  let [service, template, tag, other] = [0, 0, 0, 0]
  let theirs = { service: 0, template: 0, tag: 0 }

  beforeAll(async () => {
    const make = async (path: string, body: object, ask = {}) =>
      (await data<{ id: number }>('POST', path, body, ask)).id
    service = await make('/email-services', { name: 'x', type_id: 9 })
    template = await make('/templates', { name: 'x', content: '{{content}}' })
    tag = await make('/tags', { name: 'a' })
    other = await make('/tags', { name: 'b' })
    theirs = {
      service: await make('/email-services', { name: 'x', type_id: 9 }, foreign()),
      template: await make('/templates', { name: 'x', content: '{{content}}' }, foreign()),
      tag: await make('/tags', { name: 'a' }, foreign()),
    }
  })

  const written = (more: object = {}) => ({
    name: 'November',
    subject: 'News for {{first_name}}',
    content: '<p>Hello</p>',
    from_name: 'Shop',
    from_email: 'news@shop.example',
    email_service_id: service,
    send_to_all: 0,
    tags: [tag],
    scheduled_at: '2026-12-24 08:00:00',
    ...more,
  })
  const create = (more: object = {}) => data<Campaign>('POST', '/campaigns', written(more))
  /** Paused or far in the future, so that nothing begins to send it. */
  const setStatus = (id: number, status_id: number) =>
    portal.storage.write
      .updateTable('campaigns')
      .set({
        status_id,
        ...(status_id === 2 && { scheduled_at: Date.UTC(2999, 0, 1) }),
        ...(status_id === 3 && { paused_at: 1 }),
      })
      .where('id', '=', id)
      .execute()

  it('4.6: POST makes a draft, with the keys of section 2 and their defaults', async () => {
    const said = await call('POST', '/campaigns', written())
    expect(said.status).toBe(201)
    const { data: one } = said.json as { data: Campaign }
    expect(Object.entries(one)).toEqual(
      Object.entries({
        id: one.id,
        name: 'November',
        subject: 'News for {{first_name}}',
        content: '<p>Hello</p>',
        status_id: 1,
        template_id: null,
        email_service_id: service,
        from_name: 'Shop',
        from_email: 'news@shop.example',
        is_open_tracking: true,
        is_click_tracking: true,
        sent_count: 0,
        open_count: 0,
        click_count: 0,
        send_to_all: false,
        tags: [tag],
        save_as_draft: false,
        scheduled_at: '2026-12-24 08:00:00',
        created_at: expect.stringMatching(DATE),
        updated_at: expect.stringMatching(DATE),
      }),
    )
    expect(await data('GET', `/campaigns/${one.id}`)).toEqual(one)
  })

  it('4.6: content may be as long as a body', async () => {
    const content = `<p>${'ü'.repeat(100_000)}</p>`
    expect((await create({ content })).content).toBe(content)
  })

  it('4.6: as a form, with every choice made', async () => {
    const form = new URLSearchParams({
      ...Object.fromEntries(Object.entries(written()).map(([key, value]) => [key, String(value)])),
      template_id: String(template),
      content: '',
      is_open_tracking: '0',
      is_click_tracking: '0',
      save_as_draft: '1',
    })
    form.delete('tags')
    form.append('tags[]', String(tag))
    expect(await data('POST', '/campaigns', form)).toMatchObject({
      template_id: template,
      content: null,
      is_open_tracking: false,
      is_click_tracking: false,
      save_as_draft: true,
      tags: [tag],
    })
  })

  it.each(['POST', 'PUT'])('4.6: what %s refuses', async method => {
    const { id } = await create()
    const refused = async (more: object, errors: Record<string, string[]>) =>
      expectErrors(
        await call(method, method === 'PUT' ? `/campaigns/${id}` : '/campaigns', written(more)),
        errors,
      )
    const required = (field: string) => [`The ${field} field is required.`]
    for (const field of ['name', 'subject', 'from_name'] as const) {
      await refused({ [field]: '' }, { [field]: required(field.replace('_', ' ')) })
      await refused(
        { [field]: 'x'.repeat(256) },
        { [field]: [`The ${field.replace('_', ' ')} field must not be greater than 255 characters.`] },
      )
    }
    await refused(
      { from_email: 'x' },
      { from_email: ['The from email field must be a valid email address.'] },
    )
    const noService = 'The selected email service id is invalid.'
    await refused({ email_service_id: null }, { email_service_id: required('email service id') })
    await refused(
      { email_service_id: 'x' },
      { email_service_id: ['The email service id field must be an integer.', noService] },
    )
    for (const gone of [99999, theirs.service])
      await refused({ email_service_id: gone }, { email_service_id: [noService] })
    for (const gone of [99999, theirs.template, 'x'])
      await refused({ template_id: gone }, { template_id: ['The selected template id is invalid.'] })
    await refused({ content: null }, { content: required('content') })
    await refused({ send_to_all: null }, { send_to_all: required('send to all') })
    await refused(
      { send_to_all: 'maybe', is_open_tracking: 'x', is_click_tracking: 2, save_as_draft: 'no' },
      {
        is_open_tracking: ['The is open tracking field must be true or false.'],
        is_click_tracking: ['The is click tracking field must be true or false.'],
        send_to_all: ['The send to all field must be true or false.'],
        save_as_draft: ['The save as draft field must be true or false.'],
      },
    )
    const unless = { tags: ['The tags field is required unless send to all is in 1.'] }
    for (const tags of [null, []])
      for (const send_to_all of [0, '0', false]) await refused({ tags, send_to_all }, unless)
    await refused({ tags: 'x' }, { tags: ['The tags field must be an array.'] })
    for (const gone of [99999, theirs.tag])
      await refused({ tags: [tag, gone] }, { tags: ['One or more of the tags is invalid.'] })
    await refused({ scheduled_at: '' }, { scheduled_at: required('scheduled at') })
    await refused(
      { scheduled_at: 'next week' },
      { scheduled_at: ['The scheduled at field must be a valid date.'] },
    )
    await refused({ segment_ids: [99999] }, { segment_ids: ['One or more of the segment ids is invalid.'] })
  })

  it('4.6: who gets it: all, tags, and saved segments, which are ours', async () => {
    for (const send_to_all of [true, 1, '1'])
      expect(await create({ send_to_all, tags: undefined })).toMatchObject({ send_to_all: true, tags: [] })
    expect(await create({ tags: [other, tag, other] })).toMatchObject({
      send_to_all: false,
      tags: [tag, other],
    })
    const now = { created_at: 0, updated_at: 0 }
    const definition = '{"match":"all","conditions":[]}'
    const segment = await portal.storage.write
      .insertInto('segments')
      .values({ workspace_id: 1, name: 's', name_key: 's', definition, ...now })
      .returning('id')
      .executeTakeFirstOrThrow()
    const one = await create({ tags: undefined, segment_ids: [segment.id] })
    expect(one).toMatchObject({ tags: [], segment_ids: [segment.id] })
    const kept = await data<Campaign>('PUT', `/campaigns/${one.id}`, written())
    expect(kept).toMatchObject({ tags: [tag], segment_ids: [segment.id] })
    expect(
      Object.keys(await data<Campaign>('PUT', `/campaigns/${one.id}`, written({ segment_ids: [] }))),
    ).not.toContain('segment_ids')
  })

  it('4.6: PUT changes a draft, whole but for what may be left out', async () => {
    const one = await create({ template_id: template, is_open_tracking: false, save_as_draft: true })
    const body = written({
      name: 'December',
      send_to_all: true,
      tags: undefined,
      scheduled_at: '2027-01-01T00:00:00+01:00',
    })
    for (const method of ['PUT', 'PATCH'])
      expect(await data(method, `/campaigns/${one.id}`, body)).toMatchObject({
        id: one.id,
        name: 'December',
        template_id: template,
        content: '<p>Hello</p>',
        is_open_tracking: false,
        save_as_draft: true,
        send_to_all: true,
        tags: [],
        scheduled_at: '2026-12-31 23:00:00',
      })
    expect(await data('PUT', `/campaigns/${one.id}`, { ...body, template_id: null })).toMatchObject({
      template_id: null,
    })
    expectErrors(await call('PUT', `/campaigns/${one.id}`, { name: 'x', subject: 'y' }), {
      from_name: ['The from name field is required.'],
      from_email: ['The from email field is required.'],
      email_service_id: ['The email service id field is required.'],
      content: ['The content field is required.'],
      send_to_all: ['The send to all field is required.'],
      tags: ['The tags field is required unless send to all is in 1.'],
      scheduled_at: ['The scheduled at field is required.'],
    })
  })

  it('4.6: lists all of them, the oldest first', async () => {
    const list = (await call('GET', '/campaigns?per_page=1000')).json as { data: Campaign[]; meta: object }
    const ids = list.data.map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    expect(list.meta).toMatchObject({ total: ids.length })
    expect((await call('GET', '/campaigns', undefined, foreign())).json).toMatchObject({ data: [] })
  })

  describe('4.6 what is no draft any more', () => {
    it.each([2, 3, 4, 5])('4.6: status %i is neither changed, sent nor deleted', async status => {
      const one = await create()
      await setStatus(one.id, status)
      expectErrors(await call('PUT', `/campaigns/${one.id}`, written()), {
        status_id: ['A campaign cannot be updated if its status is not draft'],
      })
      expectErrors(await call('POST', `/campaigns/${one.id}/send`), {
        status_id: ['The campaign must have a status of draft to be dispatched'],
      })
      expectErrors(await call('DELETE', `/campaigns/${one.id}`), {
        status_id: ['Unable to delete a campaign that is not in draft status'],
      })
      expect(await data('GET', `/campaigns/${one.id}`)).toMatchObject({ status_id: status })
    })

    it('5.2: cancelled is what waits or is being sent, and nothing else', async () => {
      for (const status of [2, 3]) {
        const one = await create()
        await setStatus(one.id, status)
        expect(await data('POST', `/campaigns/${one.id}/cancel`)).toMatchObject({ status_id: 5 })
      }
      for (const [status, name] of [
        [1, 'Draft'],
        [4, 'Sent'],
        [5, 'Cancelled'],
      ] as const) {
        const one = await create()
        await setStatus(one.id, status)
        expectErrors(await call('POST', `/campaigns/${one.id}/cancel`), {
          campaignStatus: [`${name} campaigns cannot be cancelled.`],
        })
      }
    })
  })

  it('4.8: a duplicate is a draft that says the same to the same people', async () => {
    const one = await create({ name: 'x'.repeat(255), is_click_tracking: false, tags: [other] })
    await setStatus(one.id, 4)
    const said = await call('POST', `/campaigns/${one.id}/duplicate`)
    expect(said.status).toBe(201)
    const { data: copy } = said.json as { data: Campaign }
    const { id: _id, name: _name, created_at: _made, updated_at: _changed, ...same } = one
    expect(copy).toMatchObject({ ...same, name: `${'x'.repeat(243)} - Duplicate` })
    expect(copy.id).not.toBe(one.id)
  })

  it('4.6: DELETE takes a draft away', async () => {
    const one = await create()
    const said = await call('DELETE', `/campaigns/${one.id}`)
    expect([said.status, said.text]).toEqual([204, ''])
    for (const [method, path] of [
      ['GET', ''],
      ['PUT', ''],
      ['DELETE', ''],
      ['POST', '/send'],
      ['POST', '/cancel'],
      ['POST', '/duplicate'],
    ] as const) {
      expectAbsent(await call(method, `/campaigns/${one.id}${path}`, method === 'PUT' ? {} : undefined))
    }
  })

  it('3: campaigns of generation A have segments', async () => {
    const { tags, ...rest } = written()
    const url = '/workspaces/1/campaigns'
    const one = await data<Campaign>('POST', url, { ...rest, segments: tags })
    expect(one).toMatchObject({ segments: [tag] })
    expect(Object.keys(one)).not.toContain('tags')
    expectErrors(await call('POST', url, { ...rest, segments: [99999] }), {
      segments: ['One or more of the segments is invalid.'],
    })
    expectErrors(await call('POST', url, rest), {
      segments: ['The segments field is required unless send to all is in 1.'],
    })
    expect(await data('GET', `/campaigns/${one.id}`)).toMatchObject({ tags: [tag] })
  })
})
