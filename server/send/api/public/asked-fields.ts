import { type Html, html } from '../../../http/html.ts'
import type { CustomField } from '../../audience/custom-fields.ts'
import type { StoredSettings } from '../../sign-up/form-settings.ts'
import type { Texts } from '../../public/texts.ts'
import type { Answers } from '../../sign-up/sign-up-answers.ts'

export interface Asking {
  texts: Texts
  fields: readonly CustomField[]
  /** What stands in the fields, by the name that a browser sends. */
  value(name: string): unknown
  faults: Answers['faults']
  /** Before every id: several forms may stand on one page. */
  idPrefix: string
}

/** What a form asks besides the address, each with what is wrong with it. */
export function askedFields(ask: StoredSettings['ask'], asking: Asking): Html[] {
  return ask.flatMap(({ key, label, required }) => {
    if (key === 'first_name' || key === 'last_name')
      return textField(asking, {
        name: key,
        label: label || asking.texts[key],
        required,
        attributes: html`autocomplete="${key === 'first_name' ? 'given-name' : 'family-name'}" maxlength="255"`,
      })
    const field = asking.fields.find(each => key === `field:${each.key}`)
    return field === undefined ? [] : customField(asking, field, label || field.label, required)
  })
}

export function emailField(asking: Asking): Html {
  return textField(asking, {
    name: 'email',
    label: asking.texts.email,
    required: true,
    attributes: html`type="email" autocomplete="email" maxlength="254"`,
  })
}

/** A box with a longer text beside it. */
export function tickField(
  asking: Asking,
  given: { name: string; fault: string; text: string; required: boolean },
): Html {
  const id = `${asking.idPrefix}${given.fault.replaceAll('.', '-')}`
  const isTicked = [true, 'true', 'yes', 'on', '1'].includes(asking.value(given.name) as never)
  return html`<div class="field"><label class="tick" for="${id}"><input type="checkbox" id="${id}" name="${given.name}" value="yes"${isTicked ? ' checked' : ''}${given.required ? ' required' : ''}${described(asking, given.fault, id)}><span>${given.text}</span></label>${wrong(asking, given.fault, id)}</div>
`
}

function customField(asking: Asking, field: CustomField, label: string, required: boolean): Html {
  const name = `fields[${field.key}]`
  const fault = `fields.${field.key}`
  const id = `${asking.idPrefix}${field.key}`
  switch (field.kind) {
    case 'boolean':
      return tickField(asking, { name, fault, text: label, required })
    case 'one_of': {
      const chosen = asking.value(name)
      const options = field.options.map(
        option => html`<option${option === chosen ? ' selected' : ''}>${option}</option>`,
      )
      return html`<div class="field">${labelled(asking, id, label, required)}
<select id="${id}" name="${name}"${required ? ' required' : ''}${described(asking, fault, id)}><option value="">${asking.texts.choose}</option>${options}</select>${wrong(asking, fault, id)}</div>
`
    }
    case 'many_of': {
      const value = asking.value(name)
      const chosen = Array.isArray(value) ? value : [value]
      const boxes = field.options.map(
        (option, at) =>
          html`<label class="tick" for="${id}-${at}"><input type="checkbox" id="${id}-${at}" name="${name}[]" value="${option}"${chosen.includes(option) ? ' checked' : ''}><span>${option}</span></label>`,
      )
      return html`<fieldset class="field"${described(asking, fault, id)}><legend>${label}${optional(asking, required)}</legend>${boxes}${wrong(asking, fault, id)}</fieldset>
`
    }
    default: {
      const types = { text: 'text', number: 'number', date: 'date' }
      const more = { text: html` maxlength="2000"`, number: html` step="any"`, date: html`` }
      return textField(asking, {
        name,
        fault,
        label,
        required,
        attributes: html`type="${types[field.kind]}"${more[field.kind]}`,
      })
    }
  }
}

function textField(
  asking: Asking,
  given: { name: string; fault?: string; label: string; required: boolean; attributes: Html },
): Html {
  const { name, fault = name, label, required, attributes } = given
  const id = `${asking.idPrefix}${fault.replace('.', '-')}`
  const value = asking.value(name)
  const shown = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  return html`<div class="field">${labelled(asking, id, label, required)}
<input id="${id}" name="${name}" ${attributes}${shown === '' ? html`` : html` value="${shown}"`}${required ? ' required' : ''}${described(asking, fault, id)}>${wrong(asking, fault, id)}</div>
`
}

function labelled(asking: Asking, id: string, label: string, required: boolean): Html {
  return html`<label for="${id}">${label}${optional(asking, required)}</label>`
}

function optional({ texts }: Asking, required: boolean): Html {
  return required ? html`` : html` <span class="optional">(${texts.optional})</span>`
}

function described({ faults }: Asking, fault: string, id: string): Html {
  return faults[fault] === undefined ? html`` : html` aria-invalid="true" aria-describedby="${id}-wrong"`
}

function wrong({ texts, faults }: Asking, fault: string, id: string): Html {
  const found = faults[fault]
  return found === undefined ? html`` : html`<p class="wrong" id="${id}-wrong">${texts[found]}</p>`
}
