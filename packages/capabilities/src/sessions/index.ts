export { endAllSessions, endSessionById, endSessionsOfMember, listSessions, setNetworkPolicy } from "./service.ts";
export { sessionRoutes } from "./routes.ts";
