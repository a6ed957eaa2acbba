import { marked } from 'marked'

/** Like the page of a job on GitHub, with what every system has of fonts. */
const STYLE = `
  :root { color-scheme: light dark; --text: #1f2328; --quiet: #59636e; --page: #fff; --line: #d1d9e0; --soft: #f6f8fa;
    --code: #818b981f; --link: #0969da }
  @media (prefers-color-scheme: dark) {
    :root { --text: #f0f6fc; --quiet: #9198a1; --page: #0d1117; --line: #3d444d; --soft: #151b23; --code: #656c7633;
      --link: #4493f8 }
  }
  body { margin: 0; padding: 16px 24px; background: var(--page); color: var(--text); overflow-wrap: break-word;
    font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", Arial, sans-serif }
  body > :first-child { margin-top: 0 }
  body > :last-child { margin-bottom: 0 }
  h3 { font-size: 1.25em; line-height: 1.25; margin: 0 0 16px }
  p, table, blockquote, pre, details { margin: 0 0 16px }
  a { color: var(--link) }
  table { display: block; width: max-content; max-width: 100%; overflow: auto; border-spacing: 0; border-collapse: collapse }
  th, td { padding: 6px 13px; border: 1px solid var(--line) }
  tr:nth-child(2n) { background: var(--soft) }
  code { padding: .2em .4em; font: 85% ui-monospace, "Liberation Mono", monospace; background: var(--code);
    border-radius: 6px; white-space: break-spaces }
  blockquote { padding: 0 1em; color: var(--quiet); border-left: .25em solid var(--line) }
  blockquote > :last-child { margin-bottom: 0 }
  .mermaid { padding: 16px; background: var(--soft); border-radius: 6px; text-align: center }
  .marked { white-space: nowrap }
  .emoji { width: 1.1em; height: 1.1em; vertical-align: -.15em }
`

const MARK = (color: string, path: string) =>
  `<rect width="16" height="16" rx="3" fill="${color}"/><path d="${path}" fill="none" stroke="#fff" stroke-width="2.2"/>`
const CROSS = '<path d="M2.5 2.5l11 11m0-11l-11 11" fill="none" stroke="#dd2e44" stroke-width="3"/>'

/** Drawn, since not every system has a font with them. */
const EMOJI: Record<string, string> = {
  '✅': MARK('#2da44e', 'M3.5 8.5l3 3 6-7'),
  '❌': CROSS,
  '⚠️': '<path d="M8 .8L15.6 15H.4z" fill="#ffcc4d"/><path d="M8 5.5v5m0 1.3v1.7" stroke="#231f20" stroke-width="1.7"/>',
  ℹ️: MARK('#3b88c3', 'M8 3v1.8M8 6.6v6.6'),
  '⏭️': MARK('#3b88c3', 'M4 4l4 4-4 4m4-8l4 4-4 4'),
  '⏳': '<path d="M3.5 1.5h9q0 4.5-3.5 6.5 3.5 2 3.5 6.5h-9q0-4.5 3.5-6.5-3.5-2-3.5-6.500z" fill="#ffac33"/>',
  '📝': '<path d="M3 1h10v14H3z" fill="#ccd6dd"/><path d="M5 5h6M5 8h6M5 11h4" stroke="#66757f" stroke-width="1.2"/>',
  '🗑️': '<path d="M3 5h10l-1 10H4z" fill="#99aab5"/><path d="M2 4h12M6 2.5h4" stroke="#66757f" stroke-width="1.5"/>',
}

/** What is bound to an emoji by a space that does not break stays beside it. */
const CHART_OR_EMOJI = new RegExp(
  `<pre><code class="language-mermaid">([\\s\\S]*?)</code></pre>|(${Object.keys(EMOJI).join('|')})(\u00a0[^\\s<]+)?`,
  'g',
)

/** Scripts and addresses that the summary may hold are dead. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-picture'"

/** A page that shows a job summary as GitHub does, charts included; it needs nothing but the address of Mermaid. */
export function pageOf(summary: string, mermaid: string): string {
  const body = marked.parse(summary, { async: false, gfm: true })
  const drawn = body.replace(CHART_OR_EMOJI, (_, chart, emoji, word = '') => {
    if (chart !== undefined) return `<pre class="mermaid">${chart}</pre>`
    return `<span class="marked"><svg class="emoji" viewBox="0 0 16 16">${EMOJI[emoji]}</svg>${word}</span>`
  })
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>The job summary</title>
<style>${STYLE}</style>
<body>${drawn}
<script nonce="picture" src="${mermaid}"></script>
<script nonce="picture" type="module">
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: isDark ? 'dark' : 'default' })
  await mermaid.run().catch((error) => console.error(error))
  document.documentElement.dataset.drawn = 'true'
</script>
`
}
