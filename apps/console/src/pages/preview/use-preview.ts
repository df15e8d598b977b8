import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api, type ListedItem } from "../../api.ts";

/** The lists of one user, and what happens when one of their items is viewed or bought. */
export function usePreview(userId: string | null) {
  const [anchor, setAnchor] = useState<string | null>(null);
  useEffect(() => {
    setAnchor(null);
  }, [userId]);

  const list = useQuery({
    queryKey: ["recommend", userId],
    enabled: userId !== null,
    queryFn: () =>
      api.recommend({
        surface: "home",
        k: 12,
        user: { user_id: userId ?? "" },
        options: { include_items: true },
      }),
  });
  const history = useQuery({
    queryKey: ["history", userId],
    enabled: userId !== null,
    queryFn: () => api.history(userId ?? ""),
  });
  const similar = useQuery({
    queryKey: ["similar", anchor, userId],
    enabled: anchor !== null,
    queryFn: () =>
      api.similar({
        item_id: anchor ?? "",
        k: 8,
        user: { user_id: userId ?? "" },
        options: { include_items: true },
      }),
  });
  const act = useAction({
    userId,
    requestId: list.data?.meta.request_id,
    onSent: setAnchor,
  });
  return {
    list,
    history,
    similar,
    act,
    anchor,
    previous: usePrevious(
      userId,
      list.data?.items.map((item) => item.item_id),
    ),
  };
}

/** The ids of the list before the one that is shown, for the same user. */
function usePrevious(
  userId: string | null,
  ids: readonly string[] | undefined,
) {
  const memory = useRef<{
    user: string | null;
    now: string;
    last: readonly string[] | null;
  }>({
    user: null,
    now: "[]",
    last: null,
  });
  const text = JSON.stringify(ids ?? []);
  if (memory.current.user !== userId) {
    memory.current = { user: userId, now: text, last: null };
  } else if (memory.current.now !== text) {
    const before = JSON.parse(memory.current.now) as string[];
    memory.current = {
      user: userId,
      now: text,
      last: before.length > 0 ? before : null,
    };
  }
  return memory.current.last;
}

/** Titles and prices of the items in a history. */
export function useItems(
  ids: readonly string[],
): ReadonlyMap<string, ListedItem> {
  const wanted = [...new Set(ids)].sort();
  const items = useQuery({
    queryKey: ["items", wanted],
    enabled: wanted.length > 0,
    queryFn: () => api.items(wanted.slice(0, 200)),
  });
  return new Map((items.data?.items ?? []).map((item) => [item.item_id, item]));
}

interface Action {
  readonly type: "click" | "purchase";
  readonly itemId: string;
}

/** Sends what the user did, tied to the list that it was done in, and asks for the lists again. */
function useAction(about: {
  readonly userId: string | null;
  readonly requestId: string | undefined;
  readonly onSent: (itemId: string) => void;
}) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: Action) =>
      api.sendEvents([
        {
          user_id: about.userId ?? "",
          item_id: action.itemId,
          type: action.type,
          ...(about.requestId === undefined
            ? {}
            : { request_id: about.requestId }),
        },
      ]),
    onSuccess: async (_, action) => {
      about.onSent(action.itemId);
      await Promise.all([
        client.invalidateQueries({ queryKey: ["recommend", about.userId] }),
        client.invalidateQueries({ queryKey: ["history", about.userId] }),
      ]);
    },
  });
}
