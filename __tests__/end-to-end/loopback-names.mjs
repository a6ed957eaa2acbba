// Loaded with --import before the action: every name leads to this machine, and nothing outside can be reached.
import dns from 'node:dns'

const lookup = dns.lookup
dns.lookup = (_name, ...rest) => lookup('127.0.0.1', ...rest)
