import type { MetadataRoute } from "next";

export const dynamic = "force-static";

/** What a device shows that keeps the app on its home screen. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    name: "Todo",
    short_name: "Todo",
    description: "A todo list that is yours alone.",
    start_url: "/",
    display: "standalone",
    background_color: "#f7f5f1",
    theme_color: "#0d6b58",
    icons: [{ src: "/icon.svg", sizes: "any", type: "image/svg+xml" }],
  };
}
