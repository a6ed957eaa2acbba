/** A measured course: x and y of each point, by x. */
export interface Panel {
  title: string
  /** Below the axis. */
  unit: string
  points: readonly (readonly [x: number, y: number])[]
}

const PANEL = { width: 360, height: 230, left: 52, right: 20, top: 38, bottom: 42 }
const TICKS = 4

/** Draws panels in two columns, with linear axes from 0: what grows in proportion is a straight line. */
export function plot(panels: readonly Panel[]): string {
  const width = PANEL.width * 2
  const height = PANEL.height * Math.ceil(panels.length / 2)
  const drawn = panels.map(
    (panel, at) =>
      `<g transform="translate(${(at % 2) * PANEL.width} ${Math.floor(at / 2) * PANEL.height})">\n${draw(panel)}\n</g>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${panels.map(({ title, unit }) => `${title} by ${unit}`).join('; ')}</title>
<style>
  text { font: 11px system-ui, sans-serif; fill: #57606a }
  .title { font-size: 13px; font-weight: 600 }
  .grid { stroke: #8c959f; stroke-opacity: 0.3 }
  .line { fill: none; stroke: #0969da; stroke-width: 2 }
  .point { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 }
    .line { stroke: #4493f8 }
    .point { fill: #4493f8 }
  }
</style>
${drawn.join('\n')}
</svg>
`
}

function draw({ title, unit, points }: Panel): string {
  const { width, height, left, right, top, bottom } = PANEL
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)].map(scaleOf) as [Scale, Scale]
  const x = (value: number) => Math.round(left + (value / xs.end) * (width - left - right))
  const y = (value: number) => Math.round(height - bottom - (value / ys.end) * (height - top - bottom))
  const places = points.map((point) => [x(point[0]), y(point[1])] as const)
  return [
    `<text class="title" x="${left}" y="20">${title}</text>`,
    ...ys.ticks.map((tick) => `<path class="grid" d="M${left} ${y(tick)}H${width - right}"/>`),
    ...ys.ticks.map((tick) => `<text x="${left - 6}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`),
    ...xs.ticks.map((tick) => `<text x="${x(tick)}" y="${height - bottom + 16}" text-anchor="middle">${tick}</text>`),
    `<text x="${(left + width - right) / 2}" y="${height - bottom + 33}" text-anchor="middle">${unit}</text>`,
    `<path class="line" d="M${places.map((place) => place.join(' ')).join('L')}"/>`,
    ...places.map(([cx, cy]) => `<circle class="point" cx="${cx}" cy="${cy}" r="3"/>`),
  ].join('\n')
}

interface Scale {
  end: number
  ticks: number[]
}

/** From 0 in steps of 1, 2 or 5 times a power of ten, a few of them, to beyond the largest value. */
function scaleOf(values: readonly number[]): Scale {
  const largest = Math.max(...values, Number.MIN_VALUE)
  const power = 10 ** Math.floor(Math.log10(largest / TICKS))
  const step = power * ([1, 2, 5, 10].find((one) => one * power * TICKS >= largest) ?? 10)
  const count = Math.ceil(largest / step)
  return { end: count * step, ticks: Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(6))) }
}
