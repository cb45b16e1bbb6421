import { Socket } from "node:net";

/**
 * A socket to PostgreSQL that breaks when nothing comes or goes for that long. A network that loses packets without a word would
 * else hold a request, and its place in the pool, for as long as the system tries to send.
 */
export function steadySocket(silenceMaxMs: number): Socket {
  const socket = new Socket();
  socket.setTimeout(silenceMaxMs, () => {
    const error = new Error(`PostgreSQL was silent for ${silenceMaxMs / 1000} s`);
    socket.destroy(Object.assign(error, { code: "ETIMEDOUT", syscall: "read" }));
  });
  return socket;
}
