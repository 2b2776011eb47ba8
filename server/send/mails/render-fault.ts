/** The mail of this one recipient cannot be made. The message is for people. */
export class RenderFault extends Error {
  override name = 'RenderFault'
}
