import { describe, expect, test } from '@jest/globals'
import { Room } from '../../src/4-rotate-and-write/room.ts'

/** What a promise has come to by now; undefined while it is pending. */
async function soFar<T>(promise: Promise<T>): Promise<T | undefined> {
  let known: T | undefined
  promise.then((value) => {
    known = value
  })
  await new Promise((resolve) => setImmediate(resolve))
  return known
}

describe('who finds room', () => {
  test.each([0, 1, 99, 100])('for %p of 100 enters at once', async (size) => {
    expect(await new Room(100).enter(size)).toBe(true)
  })

  test('enters beside others', async () => {
    const room = new Room(100)
    expect([await room.enter(40), await room.enter(60)]).toEqual([true, true])
  })
})

test('who finds none waits until there is enough, however many have to leave', async () => {
  const room = new Room(100)
  await room.enter(50)
  await room.enter(30)
  await room.enter(20)
  const waiting = room.enter(60)
  expect(await soFar(waiting)).toBeUndefined()
  room.leave(30)
  expect(await soFar(waiting)).toBeUndefined()
  room.leave(20)
  expect(await soFar(waiting)).toBeUndefined()
  room.leave(50)
  expect(await soFar(waiting)).toBe(true)
})

test('several who wait enter one behind the other', async () => {
  const room = new Room(100)
  await room.enter(100)
  const waiting = [room.enter(70), room.enter(70), room.enter(30)]
  room.leave(100)
  expect(await Promise.all(waiting.map(soFar))).toEqual([true, undefined, true])
  room.leave(30)
  expect(await soFar(waiting[1] as Promise<boolean>)).toBeUndefined()
  room.leave(70)
  expect(await soFar(waiting[1] as Promise<boolean>)).toBe(true)
})

describe('what is left unsettled stays occupied', () => {
  test('who waits goes away when nobody is inside any more', async () => {
    const room = new Room(100)
    await room.enter(80)
    await room.enter(10)
    const waiting = room.enter(60)
    room.leave(0)
    expect(await soFar(waiting)).toBeUndefined()
    room.leave(10)
    expect(await soFar(waiting)).toBe(false)
  })

  test('who needs less than is left enters', async () => {
    const room = new Room(100)
    await room.enter(80)
    room.leave(0)
    expect([await room.enter(21), await room.enter(20)]).toEqual([false, true])
  })
})

test('more than there ever is finds no room', async () => {
  const room = new Room(100)
  expect(await room.enter(101)).toBe(false)
  expect(await room.enter(100)).toBe(true)
})
