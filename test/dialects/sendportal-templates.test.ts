// SendPortal's API, section 4.5 of the contract: templates; sections 6.1 and 12: email services.
import { describe, expect, it } from 'vitest'
import { eachEngine } from '../engines.ts'
import { expectAbsent, expectErrors, useSendPortal } from './sendportal.ts'

interface Named {
  id: number
  name: string
}
interface Service extends Named {
  type_id: number
  settings: Record<string, unknown>
}

eachEngine("SendPortal's templates and email services", engine => {
  const portal = useSendPortal(engine)
  const { call, data } = portal
  const foreign = () => ({ token: portal.foreignToken })
  const draft = (more: object) =>
    data<Named>('POST', '/campaigns', {
      name: 'c',
      subject: 's',
      from_name: 'n',
      from_email: 'n@example.com',
      send_to_all: true,
      scheduled_at: '2026-12-24',
      ...more,
    })

  describe('4.5 templates', () => {
    it('4.5: makes, lists by name, shows, changes and deletes', async () => {
      const said = await call('POST', '/templates', { name: 'b', content: ' <p>{{ content }}</p> ' })
      expect(said.status).toBe(201)
      const { data: one } = said.json as { data: Named }
      expect(Object.keys(one)).toEqual(['id', 'name', 'content', 'created_at', 'updated_at'])
      expect(one).toMatchObject({ name: 'b', content: '<p>{{content}}</p>' })
      await data('POST', '/templates', { name: 'A', content: 'x' })
      const list = (await call('GET', '/templates')).json as { data: Named[]; meta: object }
      expect(list.data.map(({ name }) => name)).toEqual(['A', 'b'])
      expect(list.meta).toMatchObject({ total: 2, per_page: 25 })
      for (const method of ['PUT', 'PATCH']) {
        const body = { name: `by ${method}`, content: `{{content}} ${method}` }
        expect(await data(method, `/templates/${one.id}`, body)).toMatchObject({ id: one.id, ...body })
      }
      expect(await data('GET', `/templates/${one.id}`)).toMatchObject({ name: 'by PATCH' })
      const gone = await call('DELETE', `/templates/${one.id}`)
      expect([gone.status, gone.text]).toEqual([204, ''])
      for (const method of ['GET', 'DELETE']) expectAbsent(await call(method, `/templates/${one.id}`))
      expectAbsent(await call('PUT', `/templates/${one.id}`, { name: 'x', content: 'x' }))
    })

    it('4.5: three spellings of the placeholder become one, others stay', async () => {
      const content = '{{ content }}{{content }}{{ CONTENT}}{{Content}}{{  content  }}{{ email }}'
      const one = await data('POST', '/templates', { name: 'spelt', content })
      expect(one).toMatchObject({
        content: '{{content}}{{content}}{{content}}{{Content}}{{  content  }}{{ email }}',
      })
    })

    it('4.5: what is refused, on update as well', async () => {
      const taken = await data<Named>('POST', '/templates', { name: 'Taken', content: 'x' })
      const other = await data<Named>('POST', '/templates', { name: 'other', content: 'x' })
      for (const [method, path] of [
        ['POST', '/templates'],
        ['PUT', `/templates/${other.id}`],
      ] as const) {
        expectErrors(await call(method, path, { content: ' ' }), {
          name: ['The name field is required.'],
          content: ['The content field is required.'],
        })
        expectErrors(await call(method, path, { name: 5, content: ['x'] }), {
          name: ['The name field must be a string.'],
          content: ['The content field must be a string.'],
        })
        expectErrors(await call(method, path, { name: 'x'.repeat(256), content: 'x' }), {
          name: ['The name field must not be greater than 255 characters.'],
        })
        expectErrors(await call(method, path, { name: 'tAKEN', content: 'x' }), {
          name: ['The template name must be unique.'],
        })
      }
      expect((await call('PUT', `/templates/${taken.id}`, { name: 'TAKEN', content: 'x' })).status).toBe(200)
      expect((await call('POST', '/templates', { name: 'Taken', content: 'x' }, foreign())).status).toBe(201)
    })

    it('4.5: one that a campaign uses stays', async () => {
      const template = await data<Named>('POST', '/templates', { name: 'used', content: 'x' })
      const service = await data<Named>('POST', '/email-services', { name: 'x', type_id: 9 })
      const campaign = await draft({ template_id: template.id, email_service_id: service.id })
      expectErrors(await call('DELETE', `/templates/${template.id}`), {
        template: ['Cannot delete a template that has been used.'],
      })
      expectErrors(await call('DELETE', `/email-services/${service.id}`), {
        email_service: [
          'You cannot delete an email service that is currently used by a campaign or automation.',
        ],
      })
      await call('DELETE', `/campaigns/${campaign.id}`)
      expect((await call('DELETE', `/templates/${template.id}`)).status).toBe(204)
      expect((await call('DELETE', `/email-services/${service.id}`)).status).toBe(204)
    })
  })

  describe('12 email services', () => {
    const smtp = { host: '127.0.0.1', port: 2526, encryption: null, username: 'u', password: 's3cret' }

    it('12: settings nested or flat, secrets masked, kept when the mask comes back', async () => {
      const said = await call('POST', '/email-services', { name: ' Relay ', type_id: 6, settings: smtp })
      expect(said.status).toBe(201)
      const { data: one } = said.json as { data: Service }
      expect(Object.keys(one)).toEqual(['id', 'name', 'type_id', 'settings', 'created_at', 'updated_at'])
      expect(one).toMatchObject({ name: 'Relay', type_id: 6, settings: { ...smtp, password: '********' } })
      const flat = await data<Service>(
        'POST',
        '/email-services',
        new URLSearchParams('name=flat&type_id=6&host=127.0.0.1&port=25&password= pass '),
      )
      expect(flat.settings).toEqual({
        host: '127.0.0.1',
        port: 25,
        encryption: null,
        username: null,
        password: '********',
      })
      const stored = async () => {
        const { settings } = await portal.storage.read
          .selectFrom('email_services')
          .select('settings')
          .where('id', '=', one.id)
          .executeTakeFirstOrThrow()
        return settings
      }
      const sealed = await stored()
      expect(sealed).not.toContain('s3cret')
      const renamed = await data<Service>('PUT', `/email-services/${one.id}`, { name: 'renamed' })
      expect(renamed).toMatchObject({ name: 'renamed', settings: one.settings })
      expect(await stored()).toBe(sealed)
      const moved = { name: 'moved', settings: { ...one.settings, port: '465', encryption: 'tls' } }
      expect(await data('PATCH', `/email-services/${one.id}`, moved)).toMatchObject({
        settings: { port: 465, encryption: 'tls', password: '********' },
      })
      const off = { name: 'off', settings: { ...smtp, password: '' } }
      expect(await data('PUT', `/email-services/${one.id}`, off)).toMatchObject({
        settings: { password: null },
      })
      expect(await data('GET', `/email-services/${one.id}`)).toMatchObject({ settings: { password: null } })
      const list = (await call('GET', '/email-services')).text
      expect(list).not.toMatch(/s3cret| pass |v1\./)
      expectAbsent(await call('GET', `/email-services/${one.id}`, undefined, foreign()))
      expectAbsent(await call('PUT', `/email-services/${one.id}`, { name: 'x' }, foreign()))
    })

    const asks = (name: string, ...keys: string[]) =>
      Object.fromEntries(
        keys.map(key => [
          `settings.${key}`,
          [`The ${name} Email Service requires you to enter a ${key.replaceAll('_', ' ')}`],
        ]),
      )
    it.each([
      [1, asks('AWS', 'key', 'secret', 'region', 'configuration_set_name')],
      [2, asks('Sendgrid', 'key')],
      [3, asks('Mailgun', 'key', 'domain', 'zone')],
      [4, asks('Postmark', 'key')],
      [5, asks('Mailjet', 'key', 'secret', 'zone')],
      [6, asks('SMTP', 'host', 'port')],
      [8, asks('Inbox', 'inbox_id')],
    ])('6.1: type %i asks for what it needs', async (type_id, errors) => {
      expectErrors(await call('POST', '/email-services', { name: 'x', type_id }), errors)
      const masked = { key: '********', secret: '********' }
      expectErrors(await call('POST', '/email-services', { name: 'x', type_id, settings: masked }), errors)
    })

    it.each([7, 9])('6.1: type %i asks for nothing', async type_id => {
      expect((await call('POST', '/email-services', { name: 'x', type_id })).status).toBe(201)
    })

    it('6.1: what is refused besides', async () => {
      const refused = async (body: object, errors: Record<string, string[]>) =>
        expectErrors(await call('POST', '/email-services', body), errors)
      await refused(
        {},
        { name: ['The name field is required.'], type_id: ['The type id field is required.'] },
      )
      await refused({ name: 'x', type_id: 'x' }, { type_id: ['The type id field must be an integer.'] })
      await refused({ name: 'x', type_id: 10 }, { type_id: ['The selected type id is invalid.'] })
      await refused(
        { name: 'x', type_id: 3, settings: { key: 'k', domain: 'd', zone: 'MARS' } },
        { 'settings.zone': ['The selected zone is invalid.'] },
      )
      await refused(
        { name: 'x', type_id: 6, host: 'h', port: 70_000, encryption: 'rot13' },
        {
          port: ['The port field must be an integer between 1 and 65535.'],
          encryption: ['The selected encryption is invalid.'],
        },
      )
      await refused(
        { name: 'x', type_id: 6, settings: { ...smtp, username: 'a\nb' } },
        { 'settings.username': ['The username field must be a string.'] },
      )
      const one = await data<Service>('POST', '/email-services', { name: 'x', type_id: 9 })
      expectErrors(await call('PUT', `/email-services/${one.id}`, { type_id: 2 }), {
        name: ['The name field is required.'],
        type_id: ['The selected type id is invalid.'],
      })
    })

    it('12: type 8 goes into an inbox of the workspace, and of no other', async () => {
      const service = (inbox_id: number) => ({ name: 'inbox', type_id: 8, settings: { inbox_id } })
      expect((await call('POST', '/email-services', service(1))).status).toBe(201)
      const invalid = { 'settings.inbox_id': ['The selected inbox id is invalid.'] }
      expectErrors(await call('POST', '/email-services', service(99999)), invalid)
      expectErrors(await call('POST', '/email-services', service(1), foreign()), invalid)
    })
  })
})
