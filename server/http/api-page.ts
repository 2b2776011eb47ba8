import { html, type Html } from './html.ts'
import type { ApiReply, Content, OpenApiDocument, Operation, OperationReply } from './openapi-document.ts'
import { schemaText } from './schema-text.ts'

interface About {
  title: string
  version: string
  /** The URL that all paths are relative to. */
  server: string
}

/**
 * One page for people, made of the documents; it needs no script.
 * @param documents by name, which is what anchors begin with
 * @param style of the page; the page's policy allows no other
 */
export function apiPage(
  documents: ReadonlyMap<string, OpenApiDocument>,
  { title, version, server }: About,
  style: string,
): string {
  const all = [...documents]
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} API</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>${{ html: style }}</style>
</head>
<body>
<header>
<h1>${title} API</h1>
<p>Version ${version}, at <code>${server}</code>. For machines: <a href="/api/openapi.json">openapi.json</a></p>
</header>
<nav aria-label="Resources">${all.map(([name, document]) => contents(name, document))}</nav>
<main>${all.map(([name, document]) => section(name, document))}</main>
</body>
</html>
`.html
}

function contents(name: string, document: OpenApiDocument): Html {
  const resources = [...byResource(document).keys()]
  return html`<h2><a href="#${name}">${document.info.title}</a></h2>
<ul>${resources.map(resource => html`<li><a href="#${name}-${resource}">${resource}</a></li>`)}
<li><a href="#${name}-shapes">shapes</a></li>
<li><a href="#${name}-refusals">refusals</a></li></ul>`
}

function section(name: string, document: OpenApiDocument): Html {
  const { info, components } = document
  const shapes = Object.entries(components.schemas)
  const refusals = Object.entries(components.responses ?? {}) as [string, ApiReply][]
  return html`<section>
<h2 id="${name}">${info.title}</h2>
${info.description === undefined ? [] : html`<p>${prose(info.description)}</p>`}
${[...byResource(document)].map(
  ([resource, routes]) => html`<h3 id="${name}-${resource}">${resource}</h3>
${routes.map(route => operation(name, route))}`,
)}
<h3 id="${name}-shapes">shapes</h3>
${shapes.map(
  ([shape, schema]) => html`<details><summary><span class="name">${shape}</span></summary>
<div id="${name}-shape-${shape}"><pre>${schemaText(schema, linkTo(name))}</pre></div></details>`,
)}
<h3 id="${name}-refusals">refusals</h3>
${refusals.map(
  ([status, { description, content }]) => html`<details><summary><span class="status">${status}</span>
<span class="what">${description}</span></summary><div>${shapesOf(name, content)}</div></details>`,
)}
</section>`
}

interface Route {
  method: string
  path: string
  operation: Operation
}

function byResource({ paths }: OpenApiDocument): Map<string, Route[]> {
  const routes = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, one]) => ({ method, path, operation: one })),
  )
  return Map.groupBy(routes, route => route.operation.tags?.[0] ?? 'other')
}

function operation(name: string, { method, path, operation: one }: Route): Html {
  const { parameters = [], requestBody, responses } = one
  const id = `${name}-${method}-${path.replaceAll(/\W+/g, '-')}`
  const entries = Object.entries(responses)
  const done = entries.filter(([status]) => status.startsWith('2'))
  const refused = entries.filter(([status]) => !status.startsWith('2'))
  return html`<details><summary><span class="method ${method}">${method.toUpperCase()}</span>
<span class="path">${pathWithBreaks(path)}</span> <span class="what">${one.summary ?? ''}</span></summary>
<div id="${id}">
${one.description === undefined ? [] : html`<p>${prose(one.description)}</p>`}
${one.security?.length === 0 ? html`<p>Asks for no credentials.</p>` : []}
${
  parameters.length === 0
    ? []
    : html`<h4>Parameters</h4><dl>${parameters.map(
        parameter => html`<dt><code>${parameter.name}</code> <span class="type">${schemaText(parameter.schema, linkTo(name))}, ${parameter.in}${parameter.required === true ? ', required' : ''}</span></dt>
<dd>${prose(parameter.description ?? '')}</dd>`,
      )}</dl>`
}
${requestBody === undefined ? [] : html`<h4>Body</h4>${shapesOf(name, requestBody.content)}`}
${done.map(([, reply]) => html`<h4>Reply</h4>${shapesOf(name, '$ref' in reply ? undefined : reply.content)}`)}
${refused.length === 0 ? [] : html`<h4>Refusals</h4><ul class="refusals">${refused.map(([status, reply]) => refusal(name, status, reply))}</ul>`}
<p><a href="#${id}">Link to this call</a></p>
</div></details>`
}

function refusal(name: string, status: string, reply: OperationReply): Html {
  return '$ref' in reply
    ? html`<li><a href="#${name}-refusals">${status}</a></li>`
    : html`<li><span class="status">${status}</span> ${reply.description}</li>`
}

/** A shape is shown once; the introduction says in which formats all of them come and go. */
function shapesOf(name: string, content: Content | undefined): Html[] {
  const shapes = new Map(
    Object.entries(content ?? {}).map(([type, { schema }]) => [JSON.stringify(schema), { type, schema }]),
  )
  return [...shapes.values()].map(({ type, schema }) =>
    schema.format === 'binary'
      ? html`<p><code>${type}</code></p>`
      : html`<pre>${schemaText(schema, linkTo(name))}</pre>`,
  )
}

function linkTo(name: string): (shape: string) => Html {
  return shape => html`<a href="#${name}-shape-${shape}">${shape}</a>`
}

/** A line may end before a slash. */
function pathWithBreaks(path: string): Html[] {
  return path.split('/').map((step, i) => (i === 0 ? html`${step}` : html`<wbr>/${step}`))
}

/** Text with code between backticks. */
function prose(text: string): Html[] {
  return text.split('`').map((piece, i) => (i % 2 === 1 ? html`<code>${piece}</code>` : html`${piece}`))
}
