/** The version that the API's document names. It is part of what answers are known by: another program may answer otherwise. */
export const apiVersion = "0.1.0";
