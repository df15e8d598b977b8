type InTime<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** The result of a read, or why it is not there in time. The read goes on and fills the cache. */
export async function within<T>(
  read: Promise<T>,
  budgetMs: number,
): Promise<InTime<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<InTime<T>>((resolve) => {
    timer = setTimeout(() => {
      resolve({ ok: false, reason: `no answer within ${budgetMs} ms` });
    }, budgetMs);
  });
  const result = read.then(
    (value): InTime<T> => ({ ok: true, value }),
    (): InTime<T> => ({ ok: false, reason: "the read failed" }),
  );
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
