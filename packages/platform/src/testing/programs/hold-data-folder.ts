// Locks the data folder given as argument as a server would, says so, and waits to be killed.
import { lockDataFolder } from "../../data-folder.ts";

const lock = lockDataFolder(process.argv[2]!, "finops start");
lock.announceServer("http://localhost:3999");
console.log(JSON.stringify({ pid: process.pid }));
setInterval(() => {}, 60_000);
