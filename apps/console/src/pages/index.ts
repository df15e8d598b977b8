import { PreviewPage } from "./preview/PreviewPage.tsx";

/** Every page of the console by its name in the address. */
export const PAGES = { preview: PreviewPage } as const;
