import type { Schemas } from '../../api/client'

export type Room = Schemas['Room']

export const sizes = ['vmr10', 'vmr25', 'vmr50', 'vmr100', 'vmr200', 'vmr300', 'vmr400', 'vmr500'] as const

/** For how many participants a room is, by the name of its size; undefined where the name tells no number. */
export function seatsOf(size: string): number | undefined {
  const digits = /^vmr(\d+)$/.exec(size)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Whether somebody has a room. */
export function lent(room: Pick<Room, 'member' | 'terminal'>): boolean {
  return room.member !== '' || room.terminal !== ''
}
