/** What a request carries in the packet format of Nest's NATS client: `{pattern, data, id}`. */
interface Packet {
  data: unknown;
  /** Absent in an event, which nobody waits for, and in a plain body. */
  id?: unknown;
}

/** A body as it came: a packet of Nest's client, or plain JSON (the nats CLI), which then is the data itself. */
export function unpack(body: unknown): Packet {
  // JSON.stringify leaves `data` out when it is undefined.
  const isPacket =
    typeof body === 'object' && body !== null && 'pattern' in body && ('data' in body || 'id' in body);
  if (!isPacket) return { data: body };
  const { data, id } = body as Partial<Packet>;
  return { data, id };
}
