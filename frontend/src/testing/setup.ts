/** How patient every test is: a busy machine is no failure. */
import { configure } from "@testing-library/react";

configure({ asyncUtilTimeout: 10_000 });
