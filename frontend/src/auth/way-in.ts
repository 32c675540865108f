/** The way into the app; the build puts another one in this place if NEXT_PUBLIC_AUTH says so. */
export { WayIn } from "./api-auth";
