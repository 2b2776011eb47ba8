import type { FastifyRequest } from 'fastify'
import { networkOf } from '../../../http/network.ts'
import { RateLimit } from '../../../http/rate-limit.ts'
import { Problem } from '../../../problem.ts'
import type { Delivery } from '../../deliveries/deliveries.ts'
import { DELIVERY_KEY, idOfToken } from '../../feedback/public-token.ts'
import { deliveryOfToken } from '../../feedback/unsubscribe.ts'
import type { PublicDoor } from './public-door.ts'

/** Pages of genuine links, and attempts to guess one, from one network in a minute. */
const VISITS = { count: 120, seconds: 60 }
const GUESSES = { count: 60, seconds: 60 }

/** The deliveries that the links in mails stand for. */
export class DeliveryLinks {
  readonly #door: Pick<PublicDoor, 'storage' | 'secrets'>
  readonly #visits = new RateLimit(VISITS)
  readonly #guesses = new RateLimit(GUESSES)

  constructor(door: Pick<PublicDoor, 'storage' | 'secrets'>) {
    this.#door = door
  }

  /**
   * To show something.
   * @throws Problem `absent`, `too_many`
   */
  async visited(request: FastifyRequest): Promise<Delivery> {
    const delivery = await this.acted(request)
    this.#take(this.#visits, request)
    return delivery
  }

  /**
   * To do something: whoever has a genuine link is never told to come back later, as a mail system that unsubscribes a
   * thousand people does so from one address.
   * @throws Problem `absent`, `too_many` of forged ones
   */
  async acted(request: FastifyRequest): Promise<Delivery> {
    const { token } = request.params as { token: string }
    const key = this.#door.secrets.key(DELIVERY_KEY)
    if (idOfToken(key, token) === undefined) this.#take(this.#guesses, request)
    const delivery = await deliveryOfToken(this.#door.storage.read, key, token)
    if (delivery === undefined) throw new Problem('absent')
    return delivery
  }

  #take(limit: RateLimit, { ip }: FastifyRequest): void {
    const { allowed, retryAfter } = limit.take(networkOf(ip))
    if (!allowed) throw new Problem('too_many', '', { retryAfter })
  }
}
