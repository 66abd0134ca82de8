/** Passwords that bots try first: an answer to a challenge that fits one of them gives it away. */
const common =
  'root admin password 123456 12345678 123456789 12345 1234 123 1 111111 000000 qwerty abc123 test guest user toor mysql postgres oracle database default pass passwd p@ssw0rd P@ssw0rd Password Passw0rd password1 admin123 root123 123qwe 1q2w3e 1q2w3e4r qwe123 123123 654321 666666 888888 letmein welcome changeme secret server master administrator administrador mariadb sa vnc raspberry ubuntu debian support'.split(
    ' ',
  );

/** What is tried against the answer to a challenge: the empty one, the user's own name in a few forms, and the common ones. */
export function* guesses(user: string): Generator<string> {
  yield '';
  if (user)
    yield* [user, `${user}123`, `${user}1234`, `${user}1`, `${user}@123`, [...user].reverse().join('')];
  yield* common;
}
