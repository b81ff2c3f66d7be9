import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { createElement } from "react";

import "@graphiql/react/dist/style.css";
import "graphiql/src/style.css";
import "./explorer.css";
import { fetcher } from "./fetcher.js";
import { welcome } from "./welcome.js";

const root = document.getElementById("explorer");

createRoot(root).render(
  createElement(GraphiQL, {
    fetcher: fetcher(root.dataset.endpoint),
    defaultQuery: welcome,
    inputValueDeprecation: true,
    schemaDescription: true,
  }),
);
