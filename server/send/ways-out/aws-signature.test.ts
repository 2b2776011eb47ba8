import { expect, it } from 'vitest'
import { awsSignature } from './aws-signature.ts'

// Of AWS's own test suite for Signature Version 4: get-vanilla and post-x-www-form-urlencoded.
it('signs as AWS does', () => {
  const keys = {
    key: 'AKIDEXAMPLE',
    secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
    service: 'service',
  }
  const url = new URL('https://example.amazonaws.com/')
  const now = new Date('2015-08-30T12:36:00Z')
  expect(awsSignature({ method: 'GET', url, body: '', headers: {} }, keys, now)).toEqual({
    host: 'example.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, ' +
      'Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  })
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const post = { method: 'POST', url, body: 'Param1=value1', headers: form }
  expect(awsSignature(post, keys, now).authorization).toMatch(
    /Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a$/,
  )
})
