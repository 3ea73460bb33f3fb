export default function Page() {
  return <p>Fleet</p>;
}
