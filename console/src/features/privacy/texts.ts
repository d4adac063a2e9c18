import type { Schemas } from '../../api/client'

type Texts = Record<string, Schemas['PrivacyText']>

export interface Typed {
  'zh-CN.title': string
  'zh-CN.body': string
  'en-US.title': string
  'en-US.body': string
}

/** What is written, for a form that has both languages. */
export function draftOf(texts: Texts | null | undefined): Typed {
  return {
    'zh-CN.title': texts?.['zh-CN']?.title ?? '',
    'zh-CN.body': texts?.['zh-CN']?.body ?? '',
    'en-US.title': texts?.['en-US']?.title ?? '',
    'en-US.body': texts?.['en-US']?.body ?? '',
  }
}

/** What was typed, without a language in which nothing was. */
export function textsOf(typed: Typed): Texts {
  const both: Texts = {
    'zh-CN': { title: typed['zh-CN.title'], body: typed['zh-CN.body'] },
    'en-US': { title: typed['en-US.title'], body: typed['en-US.body'] },
  }
  return Object.fromEntries(Object.entries(both).filter(([, text]) => text.title !== '' || text.body !== ''))
}
