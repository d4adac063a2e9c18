import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { languages } from '../i18n'
import { SelectInput } from '../ui/fields'

const themes = ['auto', 'light', 'dark'] as const

/** Tells the server what the visitor prefers: it writes the cookie, which scripts cannot. */
async function keep(name: 'lang' | 'theme', value: string) {
  await fetch(`${location.pathname}?${new URLSearchParams({ [name]: value })}`, { headers: { Accept: 'text/html' } })
}

/** Language and colours, for this browser. */
export function Preferences() {
  const { t, i18n } = useTranslation()
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? 'auto')
  const paint = (next: string) => {
    document.documentElement.dataset.theme = next
    setTheme(next)
    void keep('theme', next)
  }
  const speak = async (next: string) => {
    if (next === i18n.language) return
    await keep('lang', next)
    location.reload()
  }
  return (
    <div className="preferences">
      <SelectInput
        name="language"
        label={t('preferences.language')}
        value={i18n.language}
        onChange={(next) => void speak(next)}
        choices={Object.entries(languages).map(([id, label]) => ({ id, label }))}
      />
      <SelectInput
        name="theme"
        label={t('preferences.theme')}
        value={theme}
        onChange={paint}
        choices={themes.map((id) => ({ id, label: t(`preferences.theme.${id}`) }))}
      />
    </div>
  )
}
