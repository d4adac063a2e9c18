import { expect, it } from 'vitest'
import { draftOf, textsOf } from './texts'

it('brings a draft into a form and out again', () => {
  const draft = { 'zh-CN': { title: '隐私声明', body: '# 一' } }
  expect(textsOf(draftOf(draft))).toEqual(draft)
})
it('begins empty, and sends no language in which nothing stands', () => {
  expect(textsOf(draftOf(null))).toEqual({})
  expect(textsOf({ ...draftOf(null), 'en-US.body': 'What we keep' })).toEqual({ 'en-US': { title: '', body: 'What we keep' } })
})
