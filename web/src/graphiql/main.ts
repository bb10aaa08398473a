/** What is at /graphiql? GraphiQL as it is, bundled, asking this server. */
import "graphiql/setup-workers/vite";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "./graphiql.css";

const url = new URL("/graphql", location.href);
const fetcher = createGraphiQLFetcher({ url: url.href, subscriptionUrl: url.href.replace(/^http/, "ws") });
const root = document.getElementById("graphiql");
if (root) createRoot(root).render(createElement(GraphiQL, { fetcher }));
