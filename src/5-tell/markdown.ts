/**
 * Text from outside as it may stand in Markdown, a table cell included: HTML, links, images, mentions, code and line
 * breaks lose their meaning.
 */
export function escapeMarkdown(text: string): string {
  return (
    visible(text)
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/[\\`*_{}[\]#|~$]/g, '\\$&')
      // GitHub links these by themselves; a zero-width space keeps them readable and dead.
      .replace(/@/g, '@\u200b')
      .replace(/:\/\//g, ':\u200b//')
      .replace(/www\./gi, '$&\u200b')
  )
}

/** Text from outside as it may stand between tags of HTML, where Markdown is not read. */
export function escapeHtml(text: string): string {
  return visible(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@|:(?=\/\/)|www\./gi, '$&\u200b')
}

/** A code span; what could end it, or a table's cell, is taken out. */
export function code(text: string): string {
  return `\`${visible(text).replace(/[`|\s]/g, '')}\``
}

/** A block of code, each line as it is; the fence is longer than any row of backticks in it. */
export function codeBlock(lines: readonly string[]): string {
  const text = lines.map(visible).join('\n')
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}

/** On one line, and without what a terminal obeys or what turns the direction of the text. */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
}

/** A Markdown table; the cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
