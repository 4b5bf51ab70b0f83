// Sends an object piece by piece, each when the one before has left the process.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { BlobReader } from "../blobs/blob-store.ts";
import type { SendBudget } from "./send-budget.ts";

/** Whoever takes longer asks for the rest by a range. */
const LONGEST_MILLISECONDS = 3_600_000;

export type SendResult = "sent" | "reader gone";

/**
 * Resolves when the answers before on the same connection are sent. A client that asks ahead for hundreds of objects
 * makes the process open one at a time.
 */
export async function awaitTurn({ socket }: IncomingMessage, response: ServerResponse): Promise<SendResult> {
  if (response.socket === null && !socket.destroyed) {
    const waiting = waitingOn(socket);
    await new Promise<void>((resolve) => {
      waiting.add(resolve);
      response.once("socket", () => {
        waiting.delete(resolve);
        resolve();
      });
    });
  }
  return socket.destroyed ? "reader gone" : "sent";
}

const waitingBySocket = new WeakMap<Socket, Set<() => void>>();

/** Those that are called when the connection ends: one listener, however many answers wait. */
function waitingOn(socket: Socket): Set<() => void> {
  const known = waitingBySocket.get(socket);
  if (known !== undefined) return known;
  const waiting = new Set<() => void>();
  waitingBySocket.set(socket, waiting);
  socket.once("close", () => {
    for (const go of waiting) go();
  });
  return waiting;
}

/** Ends the response after the last byte, closes `reader`, and throws what the store throws. */
export async function sendObject(
  response: ServerResponse,
  reader: BlobReader,
  byteCount: number,
  budget: SendBudget,
): Promise<SendResult> {
  const room = budget.take(byteCount);
  const timer = setTimeout(() => response.destroy(), LONGEST_MILLISECONDS);
  try {
    // One piece of memory for the whole answer: it is written over when the system has taken it.
    const piece = Buffer.allocUnsafeSlow(room);
    for (;;) {
      const length = await reader.readInto(piece);
      if (length === 0) break;
      if (!(await write(response, piece.subarray(0, length)))) return "reader gone";
    }
    response.end();
    return "sent";
  } catch (error) {
    // What was announced does not come: the client notices by the length.
    response.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    budget.giveBack(room);
    await reader.close();
  }
}

/** False where the client has gone. */
function write(response: ServerResponse, piece: Uint8Array): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const gone = (): void => resolve(false);
    response.once("close", gone);
    response.write(piece, (error) => {
      response.off("close", gone);
      resolve(error === null || error === undefined);
    });
  });
}
