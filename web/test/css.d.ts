// Style sheets come into tests as their text.
declare module "*.css" {
  const text: string;
  export default text;
}
