export type Device = 'desktop' | 'tablet' | 'phone'

const WIDTHS = { tablet: 768, phone: 375 } as const
/** Below this no desktop mail program shows a message; the frame is made smaller instead. */
const NARROWEST_DESKTOP = 640

/**
 * The size of a frame for a device, in CSS pixels as its content sees them, and the scale at which it fits the room.
 * The width is always the true one, so that media queries answer as they would on the device.
 */
export function fitted(device: Device, room: { width: number; height: number }) {
  const wanted = device === 'desktop' ? Math.max(room.width, NARROWEST_DESKTOP) : WIDTHS[device]
  const width = device === 'phone' ? Math.min(wanted, Math.max(room.width, 320)) : wanted
  const scale = Math.min(1, room.width / width)
  return { width, height: Math.ceil(room.height / scale), scale, framed: width * scale < room.width }
}
