import type { components } from './schema'

/** What the server says when it refuses (RFC 9457). */
export type ProblemBody = components['schemas']['Problem']

/** A refusal of the management API, or no answer of it at all. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  /** The id of the request, by which its story is found; empty when the server was not reached. */
  readonly trace: string
  readonly fields: Record<string, string>

  constructor(status: number, body: Partial<ProblemBody>) {
    super(body.detail ?? '')
    this.status = status
    this.code = body.code ?? 'unreachable'
    this.trace = body.trace ?? ''
    this.fields = Object.fromEntries((body.errors ?? []).map((e) => [e.field, e.detail]))
  }

  /** The sentences about fields that a form does not show: nothing that is wrong may go unsaid. */
  beside(shown: readonly string[]): string[] {
    return Object.entries(this.fields)
      .filter(([field]) => !shown.includes(field))
      .map(([, detail]) => detail)
  }
}

/** Whatever was thrown, as a problem. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem(0, {})
}

/** Reads an answer that is a refusal. What is in front of the server may answer in its place, with anything. */
export async function problemFrom(answer: Response): Promise<Problem> {
  try {
    return new Problem(answer.status, (await answer.clone().json()) as ProblemBody)
  } catch {
    return new Problem(answer.status, {})
  }
}
