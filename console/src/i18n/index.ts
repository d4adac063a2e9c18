import i18next, { type TFunction } from 'i18next'
import { initReactI18next } from 'react-i18next'
import type words from './en-US.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'words'
    keySeparator: false
    nsSeparator: false
    returnNull: false
    resources: { words: typeof words }
  }
}

/** The languages, by their own names. */
export const languages = { 'en-US': 'English', 'zh-CN': '中文' } as const
export type Language = keyof typeof languages
export type Words = TFunction<'words'>

const catalogues: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  'en-US': () => import('./en-US.json'),
  'zh-CN': () => import('./zh-CN.json'),
}

/** The language that the server chose for the page. */
export function pageLanguage(): Language {
  return document.documentElement.lang === 'zh-CN' ? 'zh-CN' : 'en-US'
}

/** Loads the words of the page's language. The other catalogue is not fetched. */
export async function startWords(): Promise<void> {
  const lng = pageLanguage()
  const { default: words } = await catalogues[lng]()
  await i18next.use(initReactI18next).init({
    lng,
    fallbackLng: false,
    defaultNS: 'words',
    ns: ['words'],
    keySeparator: false,
    nsSeparator: false,
    returnNull: false,
    interpolation: { escapeValue: false },
    resources: { [lng]: { words } },
  })
}
