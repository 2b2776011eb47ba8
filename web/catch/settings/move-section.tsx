import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { InboxSettings } from '../../../server/catch/api/wire.ts'
import { moveInbox } from '../../calls/inbox-settings.ts'
import { projectsQuery } from '../../calls/projects.ts'
import { Section } from '../../frame/page.tsx'
import { Button } from '../../ui/button.tsx'
import { FormError } from '../../ui/field.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { toast } from '../../ui/toasts.tsx'
import { useForm } from '../../ui/use-form.ts'
import { waysFrom } from '../projects/ways.ts'

export function MoveSection({ settings }: { settings: InboxSettings }) {
  const projects = useQuery(projectsQuery).data
  const { from, to } = waysFrom(projects, settings.project_id)
  const form = useForm({ company_id: '' }, async ({ company_id }) => {
    const chosen = to.find(project => String(project.id) === company_id) ?? to[0]
    if (!chosen) return
    await moveInbox(settings.id, chosen.id)
    toast(`The inbox is in “${chosen.name}” now.`)
  })
  if (!from) return null
  return (
    <Section
      title="Project"
      about="Messages, credentials and address stay as they are; who reaches the inbox through its project changes."
    >
      {to.length === 0 ? (
        <p className="text-soft">
          It is in “{from.name}”, and there is no other project to move it to.{' '}
          <Link to="/projects" className="font-medium text-brass-text underline-offset-2 hover:underline">
            All projects
          </Link>
        </p>
      ) : (
        <form onSubmit={form.submit} className="flex max-w-md flex-col gap-3">
          <FormError>{form.error}</FormError>
          <div className="flex items-end gap-3">
            <SelectField
              label={`Move from “${from.name}” to`}
              className="min-w-0 grow"
              value={form.values.company_id}
              error={form.errorOf('company_id')}
              onChange={event => form.set('company_id', event.target.value)}
            >
              {to.map(project => (
                <option key={project.id} value={project.id}>
                  {project.name}
                </option>
              ))}
            </SelectField>
            <Button type="submit" className="h-9" busy={form.busy}>
              Move
            </Button>
          </div>
        </form>
      )}
    </Section>
  )
}
