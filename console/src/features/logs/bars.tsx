import { useTranslation } from 'react-i18next'

interface Bar {
  label: string
  value: number
}

/** A row of bars with their numbers on them, and the same as a table for who does not see them. */
export function Bars({ title, bars }: { title: string; bars: readonly Bar[] }) {
  const { i18n } = useTranslation()
  const number = new Intl.NumberFormat(i18n.language)
  const day = new Intl.DateTimeFormat(i18n.language, { month: 'numeric', day: 'numeric', timeZone: 'UTC' })
  const short = (label: string) => day.format(new Date(`${label}T00:00:00Z`))
  const top = Math.max(1, ...bars.map((b) => b.value))
  const width = 100 / Math.max(1, bars.length)
  return (
    <figure className="card chart">
      <figcaption>{title}</figcaption>
      <svg viewBox="0 0 100 48" preserveAspectRatio="none" aria-hidden="true">
        {bars.map((b, i) => {
          const height = (b.value / top) * 46
          return <rect key={b.label} x={i * width + width * 0.15} width={width * 0.7} y={48 - height} height={height} />
        })}
      </svg>
      <table>
        <caption className="unseen">{title}</caption>
        <thead>
          <tr>
            {bars.map((b) => (
              <th key={b.label} scope="col">
                {short(b.label)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            {bars.map((b) => (
              <td key={b.label}>{number.format(b.value)}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </figure>
  )
}
