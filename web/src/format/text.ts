export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A graphics card without its maker: those words are the same on every card and leave no room. */
export const gpuName = (name: string): string => name.replace(/^NVIDIA (GeForce )?/i, '');

/** Consumers of our own: their traffic is drawn in violet. */
export const isOwn = (source: string): boolean => /^control-(bench|eval)/.test(source);
