import type { Department } from './tree'

/** What is typed of a department; the number of its place among the others is text until it is sent. */
export interface Typed {
  name: string
  note: string
  sort_level: string
  sees: Department['sees']
  designated: string[]
  open: boolean
}

/** As the server takes it: a place that is left out stays, and only who sees designated departments names them. */
export function sent({ sort_level, designated, ...rest }: Partial<Typed>, sees: Department['sees']) {
  return {
    ...rest,
    ...(sort_level ? { sort_level: Number(sort_level) } : {}),
    ...(designated && sees === 'designated' ? { designated } : {}),
  }
}
